import { setTimeout as sleep } from 'node:timers/promises';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { readLastRuns } from '../../services/reading/last-runs.ts';
import type { Database } from '../../prisma/client.ts';

const POLL_MS = 500;
/** A workspace that the schedule is syncing is skipped; the next attempt syncs it. */
const ATTEMPTS = 5;

/** A workspace's row in the run log of one sync. */
export interface SyncNumbers {
  mode: string;
  upserted: number;
  deleted: number;
  pages: number;
  ms: number;
  outcome: string;
}

interface SyncContext {
  almanac: AlmanacClient;
  database: Database;
  workspaceIds: string[];
  note: (text: string) => void;
}

/** Runs the fan-out over the workspaces until none was skipped, and returns the latest run of each. */
export async function syncThroughFanOut(context: SyncContext): Promise<Map<string, SyncNumbers>> {
  const { almanac, database, workspaceIds, note } = context;
  let remaining = workspaceIds;
  for (let attempt = 1; attempt <= ATTEMPTS && remaining.length > 0; attempt++) {
    const before = await readLastRuns(database, workspaceIds);
    const run = await almanac.syncAll({ workspaceIds: remaining });
    const { skipped } = await whileNoting(database, note, almanac.waitForSyncAll(run));
    if (skipped === 0) break;
    const after = await readLastRuns(database, workspaceIds);
    remaining = remaining.filter((id) => before.get(id)?.runId === after.get(id)?.runId);
    await sleep(POLL_MS);
  }
  return lastRuns(database, workspaceIds);
}

/** Notes the number of events while the work goes on. */
async function whileNoting<T>(
  database: Database,
  note: (text: string) => void,
  work: Promise<T>,
): Promise<T> {
  const timer = setInterval(() => {
    void database.calendarEvent.count().then(
      (count) => note(`${count} events`),
      () => {},
    );
  }, POLL_MS);
  try {
    return await work;
  } finally {
    clearInterval(timer);
  }
}

async function lastRuns(database: Database, workspaceIds: string[]): Promise<Map<string, SyncNumbers>> {
  const runs = await readLastRuns(database, workspaceIds);
  return new Map(
    [...runs].map(([id, { mode, upserted, deleted, pages, outcome, startedAt, finishedAt }]) => {
      const ms = Date.parse(finishedAt ?? startedAt) - Date.parse(startedAt);
      return [id, { mode, upserted, deleted, pages, ms, outcome }] as const;
    }),
  );
}
