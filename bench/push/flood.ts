import { setTimeout as sleep } from 'node:timers/promises';
import { WEBHOOK_PATH } from '../../contracts/push.ts';
import type { Database } from '../../prisma/client.ts';
import { openChannel } from '../support/live-channel.ts';
import { percentile } from '../support/statistics.ts';

/** Connections that the notifications come by. */
const SENDERS = 50;
/** Longer than any signal is held back in a flood. */
const SETTLING_MS = 12_000;

export interface Flood {
  notifications: number;
  seconds: number;
  /** Latencies of the answers. */
  p50Ms: number;
  p99Ms: number;
  /** Answers other than 204. */
  refused: number;
  /** Times that Google was asked what has changed. */
  syncs: number;
}

async function countSyncs(database: Database): Promise<number> {
  const { _sum } = await database.workspaceCalendarSyncLog.aggregate({
    where: { source: 'push' },
    _sum: { pages: true },
  });
  return _sum.pages ?? 0;
}

/** Sends the API notifications of one calendar as fast as it answers. */
export async function measureFlood(
  database: Database,
  apiUrl: string,
  calendarId: string,
  notifications: number,
): Promise<Flood> {
  const headers = await openChannel(database, calendarId);
  const before = await countSyncs(database);
  const latencies: number[] = [];
  let refused = 0;
  let left = notifications;
  async function send(): Promise<void> {
    while (left > 0) {
      left -= 1;
      const startedAt = performance.now();
      const answer = await fetch(`${apiUrl}${WEBHOOK_PATH}`, { method: 'POST', headers });
      await answer.body?.cancel();
      latencies.push(performance.now() - startedAt);
      if (answer.status !== 204) refused += 1;
    }
  }
  const startedAt = performance.now();
  await Promise.all(Array.from({ length: SENDERS }, send));
  const seconds = (performance.now() - startedAt) / 1_000;
  await sleep(SETTLING_MS);
  return {
    notifications,
    seconds,
    p50Ms: percentile(latencies, 0.5),
    p99Ms: percentile(latencies, 0.99),
    refused,
    syncs: (await countSyncs(database)) - before,
  };
}
