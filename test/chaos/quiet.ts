import { setTimeout as sleep } from 'node:timers/promises';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import type { SyncResult } from '../../contracts/sync-result.ts';
import type { Database } from '../../prisma/client.ts';
import type { ChaosStack } from './stack.ts';
import type { Town } from './town.ts';

const POLL_MS = 500;
/** An activity may fail for ten minutes; then the next one begins. */
const LONGEST_SETTLING_MS = 15 * 60_000;
/** So many lists in a row have to lack a calendar. */
const MOST_PASSES = 3;

export interface FailedSync {
  workspaceId: string;
  failures: string[];
}

async function openWorkflows({ temporal }: ChaosStack): Promise<number> {
  const { count } = await temporal.workflow.count("ExecutionStatus = 'Running'");
  return count;
}

/** Waits until everything that was begun has ended by itself. Answers how long that took. */
export async function settle(stack: ChaosStack, signal: AbortSignal): Promise<number> {
  const startedAt = performance.now();
  for (;;) {
    signal.throwIfAborted();
    const open = await openWorkflows(stack);
    const elapsedMs = performance.now() - startedAt;
    if (open === 0) return elapsedMs;
    if (elapsedMs > LONGEST_SETTLING_MS) throw new Error(`${open} workflows do not end.`);
    await sleep(POLL_MS);
  }
}

/** Reconnects accounts whose consent was revoked, as only their owners can. */
export async function connectAgain({ database }: ChaosStack, town: Town): Promise<number> {
  const refused = await database.calendarAuthToken.findMany({ where: { status: 'needs_reconnect' } });
  const emails = new Set(refused.map(({ email }) => email));
  const lost = town.citizens.filter(({ email, revoked }) => revoked || emails.has(email));
  for (const citizen of lost) await town.consent(citizen);
  return lost.length;
}

/**
 * Syncs every workspace until nothing is missing: a calendar that has left its account's list is gone with
 * the third list that lacks it, an hour after the first. What fails in the last pass counts.
 */
export async function syncOnceMore(
  { database }: ChaosStack,
  almanac: AlmanacClient,
  town: Town,
): Promise<FailedSync[]> {
  for (let pass = 1; ; pass += 1) {
    const failed = await syncAll(database, almanac, town);
    const missing = await database.calendar.count({ where: { missingSince: { not: null } } });
    if (pass === MOST_PASSES || (failed.length === 0 && missing === 0)) return failed;
  }
}

/** One sync of every workspace, with the calendar lists of the day, an hour after the last. */
async function syncAll(database: Database, almanac: AlmanacClient, town: Town): Promise<FailedSync[]> {
  await database.$executeRaw`update calendar_auth_tokens set calendar_list_due_at = now() where status = 'connected'`;
  await database.$executeRaw`update calendars set missing_since = missing_since - interval '1 hour'`;
  const results = await Promise.all(
    town.workspaceIds.map(async (workspaceId) => (await almanac.syncNow({ workspaceId })).result()),
  );
  return results
    .filter(({ success }) => !success)
    .map((result) => ({ workspaceId: result.workspaceId, failures: failuresOf(result) }));
}

function failuresOf({ calendars, accounts = [] }: SyncResult): string[] {
  return [
    ...calendars.flatMap(({ calendarId, error }) => (error === undefined ? [] : [`${calendarId} ${error}`])),
    ...accounts.map(({ accountId, error }) => `${accountId} ${error}`),
  ];
}
