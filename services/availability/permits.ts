import { z } from 'zod';
import { Quota } from '../../contracts/quotas.ts';
import type { Database } from '../../prisma/client.ts';
import { InvalidInputError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from '../pages.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
import { requireWorkspace } from '../workspaces.ts';

export const permitSchema = z.object({
  workspaceId: z.string().describe('Workspace whose busy times may be read'),
  readerId: z.string().describe('Workspace that may read them'),
  createdAt: z.iso.datetime(),
});
export type AvailabilityPermit = z.infer<typeof permitSchema>;

const COLUMNS = { workspaceId: true, readerId: true, createdAt: true } as const;

const toPermit = ({ createdAt, ...permit }: Omit<AvailabilityPermit, 'createdAt'> & { createdAt: Date }) => ({
  ...permit,
  createdAt: createdAt.toISOString(),
});

/** One page of the workspaces that may read a workspace's busy times, ordered by their IDs. */
export async function pageOfPermits(
  database: Database,
  workspaceId: string,
  request: PageRequest<string>,
): Promise<Page<AvailabilityPermit, string>> {
  await requireWorkspace(database, workspaceId);
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.availabilityPermit.findMany({
        where: { workspaceId, readerId: { gt: after } },
        select: COLUMNS,
        orderBy: { readerId: 'asc' },
        take,
      }),
    ({ readerId }) => readerId,
  );
  return { ...page, rows: rows.map(toPermit) };
}

/** Rows of every page of `pageOfPermits`. */
export async function listPermits(database: Database, workspaceId: string): Promise<AvailabilityPermit[]> {
  return readAllPages((page: PageRequest<string>) => pageOfPermits(database, workspaceId, page));
}

/**
 * Permits a workspace to read another one's busy times, in one direction. Repeating it changes nothing. Whether the
 * reader exists is not checked, because the answer would show it.
 * @throws QuotaExceededError when there are too many permits.
 */
export async function addPermit(
  database: Database,
  workspaceId: string,
  reader: string,
): Promise<AvailabilityPermit> {
  const readerId = parseReader(workspaceId, reader);
  return lockWorkspace(database, workspaceId, async (transaction) => {
    const key = { workspaceId_readerId: { workspaceId, readerId } };
    const known = await transaction.availabilityPermit.findUnique({ where: key, select: COLUMNS });
    if (known !== null) return toPermit(known);
    const count = await transaction.availabilityPermit.count({ where: { workspaceId } });
    requireRoom('workspaces that may read the busy times of one', Quota.availabilityPermits, { count });
    const data = { workspaceId, readerId };
    return toPermit(await transaction.availabilityPermit.create({ data, select: COLUMNS }));
  });
}

/** Takes a permit back, from the next question on. Repeating it changes nothing. */
export async function removePermit(
  database: Database,
  workspaceId: string,
  reader: string,
): Promise<{ removed: boolean }> {
  const readerId = parseReader(workspaceId, reader);
  await requireWorkspace(database, workspaceId);
  const { count } = await database.availabilityPermit.deleteMany({ where: { workspaceId, readerId } });
  return { removed: count > 0 };
}

function parseReader(workspaceId: string, reader: string): string {
  const readerId = parseInput(workspaceIdSchema, reader, 'readerId');
  if (readerId === workspaceId) throw new InvalidInputError('readerId', 'must be another workspace');
  return readerId;
}
