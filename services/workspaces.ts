import { z } from 'zod';
import { type Database, type Transaction } from '../prisma/client.ts';
import { AlreadyExistsError, WorkspaceNotFoundError } from './errors.ts';
import { type Page, type PageRequest, readAllPages, readPage } from './pages.ts';
import { parseInput, timeZoneSchema, workspaceIdSchema } from './input.ts';

const newWorkspace = z.object({ id: workspaceIdSchema, timeZone: timeZoneSchema });

export const workspaceSchema = z.object({
  id: workspaceIdSchema,
  timeZone: z.string().describe('IANA time zone'),
  accounts: z.int(),
  calendars: z.int(),
  createdAt: z.iso.datetime(),
});
export type WorkspaceSummary = z.infer<typeof workspaceSchema>;

/** @throws AlreadyExistsError when the ID is taken. */
export async function createWorkspace(
  database: Database,
  input: z.input<typeof newWorkspace>,
): Promise<WorkspaceSummary> {
  const workspace = parseInput(newWorkspace, input);
  const { count } = await database.workspace.createMany({ data: [workspace], skipDuplicates: true });
  if (count === 0) throw new AlreadyExistsError(`Workspace ${workspace.id} already exists.`);
  const created = await database.workspace.findUniqueOrThrow({ where: { id: workspace.id } });
  return { ...workspace, accounts: 0, calendars: 0, createdAt: created.createdAt.toISOString() };
}

/** One page of all workspaces, ordered by ID. */
export async function pageOfWorkspaces(
  database: Database,
  request: PageRequest<string>,
): Promise<Page<WorkspaceSummary, string>> {
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.workspace.findMany({
        where: { id: { gt: after } },
        orderBy: { id: 'asc' },
        take,
        include: {
          _count: { select: { accounts: true, calendars: { where: { status: { not: 'removed' } } } } },
        },
      }),
    ({ id }) => id,
  );
  return {
    ...page,
    rows: rows.map(({ id, timeZone, createdAt, _count }) => ({
      id,
      timeZone,
      accounts: _count.accounts,
      calendars: _count.calendars,
      createdAt: createdAt.toISOString(),
    })),
  };
}

/** Rows of every page of `pageOfWorkspaces`. */
export async function listWorkspaces(database: Database): Promise<WorkspaceSummary[]> {
  return readAllPages((page: PageRequest<string>) => pageOfWorkspaces(database, page));
}

/**
 * @throws WorkspaceNotFoundError when there is no such workspace, InvalidInputError when the ID is
 *   malformed.
 */
export async function requireWorkspace(
  database: Database | Transaction,
  workspaceId: string,
): Promise<{ id: string; timeZone: string }> {
  const id = parseInput(workspaceIdSchema, workspaceId, 'workspace');
  const workspace = await database.workspace.findUnique({
    where: { id },
    select: { id: true, timeZone: true },
  });
  if (workspace) return workspace;
  throw new WorkspaceNotFoundError(id);
}
