import { z } from 'zod';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import type { SyncSource } from '../contracts/sync-modes.ts';
import type { Database } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import type { AlmanacClient } from './almanac-client.ts';
import type { StartedRun } from './started-run.ts';
import { BusyError } from '../services/errors.ts';
import { uuid } from '../services/shapes.ts';
import { type DeadLetterRow, requireOpenDeadLetter } from '../services/dead-letters.ts';
import { resumeFailedWebhooks } from '../services/delivery/pause.ts';
import { MAX_CALENDAR_IDS } from '../contracts/limits.ts';

/** Outcome of retrying a dead letter. It is resolved when the run succeeds. */
export const retriedSchema = z.object({
  id: uuid('the dead letter'),
  workspaceId: z.string().optional(),
  calendarId: z.string().optional(),
  operation: z.string(),
  outcome: z
    .enum(['requested', 'needs-reconnect'])
    .describe('`needs-reconnect`: nothing was started, the account has to be connected again'),
  workflowId: z.string().optional(),
  runId: z.string().optional(),
});
export type RetriedDeadLetter = z.infer<typeof retriedSchema>;

/** Nothing was started, because a planning run of the workspace is in progress. */
type BusyDeadLetter = Omit<RetriedDeadLetter, 'outcome'> & { outcome: 'busy' };
export type RetriedOrBusy = RetriedDeadLetter | BusyDeadLetter;

interface Clients {
  database: Database;
  almanac: AlmanacClient;
}

/** Origin of the request. */
interface Request {
  /** Default `manual`. */
  source?: SyncSource;
  correlationId?: string;
}

/** A dead letter of a workspace, or of a calendar or account in it. */
type WorkspaceDeadLetter = DeadLetterRow & { workspaceId: string };

/**
 * Retries a failure at once. The dead letter decides the scope: a calendar's retries that calendar; an
 * account's its calendar list and the whole workspace; a plan's the plan; the installation's everything that
 * fails the same way; that of deliveries the webhooks that are paused for a failure.
 * @param workspaceId workspace to which the dead letter must belong, where that matters
 * @throws NotFoundError when no open dead letter has this ID; BusyError when the retry of a plan would have
 *   to wait for a planning run in progress.
 */
export async function retryDeadLetter(
  clients: Clients,
  deadLetterId: string,
  { workspaceId, ...request }: Request & { workspaceId?: string } = {},
): Promise<RetriedDeadLetter> {
  const deadLetter = await requireOpenDeadLetter(clients.database, deadLetterId, workspaceId);
  const [retried] = await retry(clients, [deadLetter], request);
  if (retried === undefined || retried.outcome === 'busy')
    throw new Error('A dead letter was retried without an outcome.');
  return retried;
}

/**
 * Retries every open dead letter, with one request per workspace. A planning run in progress does not delay
 * the others.
 */
export async function retryAllDeadLetters(clients: Clients): Promise<RetriedOrBusy[]> {
  const rows = await clients.database.deadLetter.findMany({
    where: { status: 'open' },
    orderBy: [{ workspaceId: 'asc' }, { firstFailedAt: 'asc' }, { id: 'asc' }],
  });
  return retry(clients, rows, {}, { skipBusy: true });
}

async function retry(
  clients: Clients,
  rows: readonly DeadLetterRow[],
  request: Request,
  { skipBusy = false } = {},
): Promise<RetriedOrBusy[]> {
  const retried: RetriedOrBusy[] = [];
  const syncs = new Map<string, WorkspaceDeadLetter[]>();
  for (const row of rows) {
    if (row.operation === DeadLetterOperation.delivery) {
      await resumeFailedWebhooks(clients.database, row.workspaceId);
      retried.push({ ...toRetried(row, null), outcome: 'requested' });
    } else if (!isWorkspaceDeadLetter(row)) {
      retried.push(toRetried(row, await retryEverywhere(clients, row.failureType, request)));
    } else if (row.operation === DeadLetterOperation.consent) {
      retried.push(toRetried(row, null));
    } else if (row.operation === DeadLetterOperation.plan) {
      try {
        retried.push(toRetried(row, await retryPlan(clients, row.workspaceId, request)));
      } catch (error) {
        if (!skipBusy || !(error instanceof BusyError)) throw error;
        retried.push({ ...toRetried(row, null), outcome: 'busy' });
      }
    } else {
      syncs.set(row.workspaceId, [...(syncs.get(row.workspaceId) ?? []), row]);
    }
  }
  for (const [workspaceId, deadLetters] of syncs) {
    const run = await retrySync(clients, workspaceId, deadLetters, request);
    retried.push(...deadLetters.map((deadLetter) => toRetried(deadLetter, run)));
  }
  return retried;
}

const isWorkspaceDeadLetter = (row: DeadLetterRow): row is WorkspaceDeadLetter => row.workspaceId !== null;

function toRetried(row: DeadLetterRow, run: StartedRun | null): RetriedDeadLetter {
  const { id, workspaceId, calendarId, operation } = row;
  return {
    id,
    ...(workspaceId !== null && { workspaceId }),
    ...(calendarId !== null && { calendarId }),
    operation,
    outcome: run === null ? 'needs-reconnect' : 'requested',
    ...(run !== null && { workflowId: run.workflowId, runId: run.runId }),
  };
}

/** Never waits for a planning run in progress: the caller may have left before it ends. */
const retryPlan = ({ almanac }: Clients, workspaceId: string, request: Request): Promise<StartedRun> =>
  almanac.requestPlan({ ...request, workspaceId, mode: 'apply', whenBusy: 'refuse' });

async function retrySync(
  { database, almanac }: Clients,
  workspaceId: string,
  deadLetters: readonly WorkspaceDeadLetter[],
  request: Request,
): Promise<StartedRun> {
  const calendarIds = [...new Set(deadLetters.map(({ calendarId }) => calendarId))];
  const named = calendarIds.filter((id) => id !== null);
  const accountIds = deadLetters.map(({ accountId }) => accountId).filter((id) => id !== null);
  await database.calendarAuthToken.updateMany({
    where: { id: { in: accountIds } },
    data: { calendarListDueAt: await readClock(database) },
  });
  const everything = named.length < calendarIds.length || named.length > MAX_CALENDAR_IDS;
  return almanac.requestSync({ ...request, workspaceId, ...(everything ? {} : { calendarIds: named }) });
}

/** Makes every calendar that fails this way due, and starts a fan-out over all due workspaces. */
async function retryEverywhere(
  { database, almanac }: Clients,
  failureType: string,
  request: Request,
): Promise<StartedRun> {
  const now = await readClock(database);
  await database.calendarSyncState.updateMany({
    where: { lastError: failureType, nextSyncAt: { not: null } },
    data: { nextSyncAt: now },
  });
  await database.calendarAuthToken.updateMany({
    where: { lastError: failureType, status: 'connected' },
    data: { calendarListDueAt: now },
  });
  return almanac.syncAll(request);
}
