import { z } from 'zod';
import { countFailingCalendars } from './dead-letters/shared-failures.ts';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import { FailureType } from '../contracts/failure-types.ts';
import { RETRY_TABLE } from '../contracts/retry-table.ts';
import { RemedyAction } from '../contracts/remedies.ts';
import type { Database } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import { NotFoundError } from './errors.ts';
import { listedId, parseInput } from './input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from './pages.ts';
import { instant, positionInstant, uuid } from './shapes.ts';
import { requireWorkspace } from './workspaces.ts';

const deadLetterIdSchema = listedId('must be the UUID of a dead letter');
const failureTypeSchema = z.enum(FailureType);

export const deadLetterSchema = z.object({
  id: uuid('the dead letter'),
  workspaceId: z
    .string()
    .optional()
    .describe('Absent if the failure concerns the whole installation, or webhooks for all workspaces'),
  calendarId: z.string().optional(),
  accountId: z.string().optional(),
  calendars: z.int().optional().describe('Calendars that fail this way, if it concerns the installation'),
  operation: z.string().describe('`sync`, `calendar-list`, `consent`, `access-token`, `plan` or `delivery`'),
  failureType: z.string(),
  advice: z.string().describe('Recommended action'),
  status: z.enum(['open', 'resolved', 'discarded']).describe('`resolved`: by a success'),
  attempts: z.int(),
  firstFailedAt: instant,
  lastFailedAt: instant,
  ageSeconds: z.int(),
  closedAt: instant.optional(),
  notifiedAt: instant.optional(),
  workflowId: z
    .string()
    .optional()
    .describe('Latest run that failed; if it concerns the installation, for admins only'),
  runId: z.string().optional(),
  correlationId: z.string().optional(),
});
export type DeadLetter = z.infer<typeof deadLetterSchema>;

export type DeadLetterRow = NonNullable<Awaited<ReturnType<Database['deadLetter']['findUnique']>>>;

function toDeadLetter(row: DeadLetterRow, now: Date, foreignRuns: boolean): DeadLetter {
  const failureType = failureTypeSchema.safeParse(row.failureType).data;
  const ageMs = (row.closedAt ?? now).getTime() - row.firstFailedAt.getTime();
  return {
    id: row.id,
    ...(row.workspaceId !== null && { workspaceId: row.workspaceId }),
    ...(row.calendarId !== null && { calendarId: row.calendarId }),
    ...(row.accountId !== null && { accountId: row.accountId }),
    operation: row.operation,
    failureType: row.failureType,
    advice: RETRY_TABLE[failureType ?? FailureType.internal].advice,
    status: row.status as DeadLetter['status'],
    attempts: row.attempts,
    firstFailedAt: row.firstFailedAt.toISOString(),
    lastFailedAt: row.lastFailedAt.toISOString(),
    ageSeconds: Math.max(0, Math.round(ageMs / 1_000)),
    ...(row.closedAt !== null && { closedAt: row.closedAt.toISOString() }),
    ...(row.notifiedAt !== null && { notifiedAt: row.notifiedAt.toISOString() }),
    ...(row.workspaceId !== null || foreignRuns ? runOf(row) : {}),
  };
}

const runOf = ({ workflowId, runId, correlationId }: DeadLetterRow) => ({
  workflowId,
  runId,
  ...(correlationId !== null && { correlationId }),
});

interface DeadLetterFilter {
  workspaceId?: string;
  /** Whether closed dead letters are included. Default: no. */
  all?: boolean;
  now?: Date;
  /**
   * Whether the installation's dead letters name their run, which may belong to any workspace. Default: yes.
   */
  foreignRuns?: boolean;
}

export const deadLetterPositionSchema = z.object({
  firstFailedAt: positionInstant,
  id: z.guid().toLowerCase(),
});
type DeadLetterPosition = z.infer<typeof deadLetterPositionSchema>;

/**
 * One page of the open dead letters, or of all, oldest first. The list of one workspace includes the
 * installation's dead letters, because they affect every workspace.
 * @throws NotFoundError when there is no such workspace.
 */
export async function pageOfDeadLetters(
  database: Database,
  {
    workspaceId,
    all = false,
    now,
    foreignRuns = true,
    ...request
  }: DeadLetterFilter & PageRequest<DeadLetterPosition>,
): Promise<Page<DeadLetter, DeadLetterPosition>> {
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.deadLetter.findMany({
        where: {
          AND: [
            workspaceId === undefined ? {} : { OR: [{ workspaceId }, { workspaceId: null }] },
            failedAfter(after),
          ],
          ...(all ? {} : { status: 'open' }),
        },
        orderBy: [{ firstFailedAt: 'asc' }, { id: 'asc' }],
        take,
      }),
    ({ firstFailedAt, id }) => ({ firstFailedAt: firstFailedAt.toISOString(), id }),
  );
  const at = now ?? (await readClock(database));
  const deadLetters = await Promise.all(
    rows.map(async (row) => ({
      ...toDeadLetter(row, at, foreignRuns),
      ...(row.workspaceId === null &&
        row.status === 'open' &&
        row.operation !== DeadLetterOperation.delivery && {
          calendars: await countFailingCalendars(database, row.failureType, workspaceId),
        }),
    })),
  );
  return { ...page, rows: deadLetters };
}

function failedAfter(after: DeadLetterPosition | undefined) {
  if (after === undefined) return {};
  const firstFailedAt = new Date(after.firstFailedAt);
  return {
    firstFailedAt: { gte: firstFailedAt },
    OR: [{ firstFailedAt: { gt: firstFailedAt } }, { id: { gt: after.id } }],
  };
}

/** Rows of every page of `pageOfDeadLetters`. */
export async function listDeadLetters(
  database: Database,
  filter: DeadLetterFilter = {},
): Promise<DeadLetter[]> {
  return readAllPages((page: PageRequest<DeadLetterPosition>) =>
    pageOfDeadLetters(database, { ...filter, ...page }),
  );
}

/**
 * @param workspaceId workspace to which the dead letter must belong, where that matters. The installation's
 *   belong to none.
 * @throws NotFoundError when no open dead letter has this ID.
 */
export async function requireOpenDeadLetter(
  database: Database,
  deadLetterId: string,
  workspaceId?: string,
): Promise<DeadLetterRow> {
  const id = parseInput(deadLetterIdSchema, deadLetterId, 'id');
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const where = { id, ...(workspaceId !== undefined && { workspaceId }) };
  const row = await database.deadLetter.findFirst({ where });
  if (row === null)
    throw new NotFoundError(`No dead letter has the ID ${id}.`, {
      remedy:
        workspaceId === undefined
          ? { action: RemedyAction.listAllDeadLetters }
          : { action: RemedyAction.listDeadLetters, workspaceId },
    });
  if (row.status !== 'open') throw new NotFoundError(`Dead letter ${id} is already ${row.status}.`);
  return row;
}

/**
 * Closes a dead letter without resolving its cause. It stays closed while the failure persists; after a
 * success, the next failure opens a new one.
 * @param workspaceId workspace to which the dead letter must belong, where that matters
 * @throws NotFoundError when no open dead letter has this ID.
 */
export async function discardDeadLetter(
  database: Database,
  deadLetterId: string,
  workspaceId?: string,
): Promise<DeadLetter> {
  const { id } = await requireOpenDeadLetter(database, deadLetterId, workspaceId);
  await database.$executeRaw`
    update dead_letters set status = 'discarded', closed_at = now() where id = ${id}::uuid and status = 'open'`;
  // The dead letter is closed, so its age does not depend on the given time.
  const deadLetter = await database.deadLetter.findUniqueOrThrow({ where: { id } });
  return toDeadLetter(deadLetter, deadLetter.lastFailedAt, true);
}
