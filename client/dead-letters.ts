import { z } from 'zod';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import { FailureType } from '../contracts/failure-types.ts';
import { RETRY_TABLE } from '../contracts/retry-table.ts';
import type { Database } from '../prisma/client.ts';
import type { AlmanacClient } from './almanac-client.ts';
import { NotFoundError } from './errors.ts';
import { parseInput } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

const deadLetterIdSchema = z.guid(
  'must be the UUID of a dead letter, as `almanac dead-letter list` prints it',
);
const failureTypeSchema = z.enum(FailureType);

/** A request names at most this many calendars. */
const CALENDARS_PER_REQUEST = 1_000;

export interface DeadLetter {
  id: string;
  workspaceId: string;
  /** The trouble is one calendar's, or one account's. */
  calendarId?: string;
  accountId?: string;
  /** What failed: `sync`, `calendar-list`, `consent`. */
  operation: string;
  failureType: string;
  /** What to do now. */
  advice: string;
  /** `open`, `resolved` by the next success, or `discarded` by a person. */
  status: string;
  /** Runs that failed this way. */
  attempts: number;
  firstFailedAt: string;
  lastFailedAt: string;
  /** Since the first failure, to now or to when the letter was closed. */
  ageSeconds: number;
  closedAt?: string;
  notifiedAt?: string;
  /** Of the latest run that failed. */
  workflowId: string;
  runId: string;
  correlationId?: string;
}

type DeadLetterRow = NonNullable<Awaited<ReturnType<Database['deadLetter']['findUnique']>>>;

function toDeadLetter(row: DeadLetterRow, now: Date): DeadLetter {
  const failureType = failureTypeSchema.safeParse(row.failureType).data;
  const ageMs = (row.closedAt ?? now).getTime() - row.firstFailedAt.getTime();
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    ...(row.calendarId !== null && { calendarId: row.calendarId }),
    ...(row.accountId !== null && { accountId: row.accountId }),
    operation: row.operation,
    failureType: row.failureType,
    advice: RETRY_TABLE[failureType ?? FailureType.internal].advice,
    status: row.status,
    attempts: row.attempts,
    firstFailedAt: row.firstFailedAt.toISOString(),
    lastFailedAt: row.lastFailedAt.toISOString(),
    ageSeconds: Math.max(0, Math.round(ageMs / 1_000)),
    ...(row.closedAt !== null && { closedAt: row.closedAt.toISOString() }),
    ...(row.notifiedAt !== null && { notifiedAt: row.notifiedAt.toISOString() }),
    workflowId: row.workflowId,
    runId: row.runId,
    ...(row.correlationId !== null && { correlationId: row.correlationId }),
  };
}

/**
 * Dead letters, those that are open or all of them, the oldest trouble first.
 * @throws NotFoundError when there is no such workspace.
 */
export async function listDeadLetters(
  database: Database,
  { workspaceId, all = false, now = new Date() }: { workspaceId?: string; all?: boolean; now?: Date } = {},
): Promise<DeadLetter[]> {
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const rows = await database.deadLetter.findMany({
    where: { workspaceId, ...(all ? {} : { status: 'open' }) },
    orderBy: [{ firstFailedAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map((row) => toDeadLetter(row, now));
}

async function requireOpen(database: Database, deadLetterId: string): Promise<DeadLetterRow> {
  const id = parseInput(deadLetterIdSchema, deadLetterId, 'id');
  const row = await database.deadLetter.findUnique({ where: { id } });
  if (row === null) throw new NotFoundError(`No dead letter has the ID ${id}: \`almanac dead-letter list\`.`);
  if (row.status !== 'open') throw new NotFoundError(`Dead letter ${id} is ${row.status} already.`);
  return row;
}

/** What was done about a dead letter. It is resolved when the run succeeds. */
export interface RetriedLetter {
  id: string;
  workspaceId: string;
  calendarId?: string;
  /** `needs-reconnect`: nothing was started, for nothing but connecting the account again can help. */
  outcome: 'requested' | 'needs-reconnect';
  workflowId?: string;
  runId?: string;
}

/**
 * Has what failed tried again at once: of a calendar's letter exactly that calendar, of an account's its calendar
 * list and the whole workspace.
 * @throws NotFoundError when no open letter has this ID.
 */
export async function retryDeadLetter(
  clients: { database: Database; almanac: AlmanacClient },
  deadLetterId: string,
): Promise<RetriedLetter> {
  const [retried] = await retry(clients, [await requireOpen(clients.database, deadLetterId)]);
  if (retried === undefined) throw new Error('A letter was retried without an outcome.');
  return retried;
}

/** The same for every open letter, with one request per workspace. */
export async function retryAllDeadLetters(clients: {
  database: Database;
  almanac: AlmanacClient;
}): Promise<RetriedLetter[]> {
  const rows = await clients.database.deadLetter.findMany({
    where: { status: 'open' },
    orderBy: [{ workspaceId: 'asc' }, { firstFailedAt: 'asc' }, { id: 'asc' }],
  });
  return retry(clients, rows);
}

async function retry(
  { database, almanac }: { database: Database; almanac: AlmanacClient },
  rows: readonly DeadLetterRow[],
): Promise<RetriedLetter[]> {
  const consent = rows.filter(({ operation }) => operation === DeadLetterOperation.consent);
  const retried: RetriedLetter[] = consent.map(({ id, workspaceId }) => ({
    id,
    workspaceId,
    outcome: 'needs-reconnect',
  }));
  const byWorkspace = new Map<string, DeadLetterRow[]>();
  for (const row of rows) {
    if (row.operation === DeadLetterOperation.consent) continue;
    const known = byWorkspace.get(row.workspaceId);
    if (known === undefined) byWorkspace.set(row.workspaceId, [row]);
    else known.push(row);
  }
  for (const [workspaceId, letters] of byWorkspace) {
    const calendarIds = [...new Set(letters.map(({ calendarId }) => calendarId))];
    const named = calendarIds.filter((id) => id !== null);
    const accountIds = letters.map(({ accountId }) => accountId).filter((id) => id !== null);
    await database.calendarAuthToken.updateMany({
      where: { id: { in: accountIds } },
      data: { calendarListDueAt: new Date() },
    });
    const everything = named.length < calendarIds.length || named.length > CALENDARS_PER_REQUEST;
    const run = await almanac.requestSync({ workspaceId, ...(everything ? {} : { calendarIds: named }) });
    for (const { id, calendarId } of letters) {
      retried.push({
        id,
        workspaceId,
        ...(calendarId !== null && { calendarId }),
        outcome: 'requested',
        ...run,
      });
    }
  }
  return retried;
}

/**
 * Closes a letter without mending anything. It stays closed while its trouble goes on; after a success in between,
 * the next failure opens a new one.
 * @throws NotFoundError when no open letter has this ID.
 */
export async function discardDeadLetter(database: Database, deadLetterId: string): Promise<DeadLetter> {
  const { id } = await requireOpen(database, deadLetterId);
  await database.$executeRaw`
    update dead_letters set status = 'discarded', closed_at = now() where id = ${id}::uuid and status = 'open'`;
  return toDeadLetter(await database.deadLetter.findUniqueOrThrow({ where: { id } }), new Date());
}
