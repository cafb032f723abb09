import type { AlmanacClient } from '../client/almanac-client.ts';
import { UnreachableError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

/** Longer than the restart of a frontend and a retry, shorter than clients usually wait. */
const LONGEST_CALL_MS = 15_000;

/**
 * Bounds the duration of the client's calls: a late call fails as "Temporal does not answer". Waits for a run
 * have their own timer in `waitAtMost`.
 */
export function answerInTime({
  almanac,
  temporal,
}: Pick<ApiDependencies, 'almanac' | 'temporal'>): AlmanacClient {
  async function inTime<T>(call: () => Promise<T>): Promise<T> {
    let alarm: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_resolve, reject) => {
      alarm = setTimeout(
        reject,
        LONGEST_CALL_MS,
        new UnreachableError(`Temporal has not answered within ${LONGEST_CALL_MS / 1_000} seconds.`),
      );
    });
    const calling = temporal.withDeadline(Date.now() + LONGEST_CALL_MS, call);
    try {
      return await Promise.race([calling, overdue]);
    } finally {
      clearTimeout(alarm);
      // A late result is discarded.
      calling.catch(() => undefined);
    }
  }

  return {
    ...almanac,
    requestSync: (request) => inTime(() => almanac.requestSync(request)),
    syncNow: (request) => inTime(() => almanac.syncNow(request)),
    requestPlan: (request) => inTime(() => almanac.requestPlan(request)),
    startWrites: (batch) => inTime(() => almanac.startWrites(batch)),
    syncAll: (request) => inTime(() => almanac.syncAll(request)),
    syncProgress: (workspaceId) => inTime(() => almanac.syncProgress(workspaceId)),
  };
}
