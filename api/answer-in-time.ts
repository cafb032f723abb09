import type { AlmanacClient } from '../client/almanac-client.ts';
import { UnreachableError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

/** Longer than a frontend takes to come back and be asked again, shorter than a caller's patience. */
const LONGEST_CALL_MS = 15_000;

/**
 * The client whose calls end in time, whatever the SDK and the server do: the caller is told that Temporal does not
 * answer. Waits have a timer of their own: `waitAtMost`.
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
      // What comes later is for nobody.
      calling.catch(() => undefined);
    }
  }

  return {
    ...almanac,
    requestSync: (request) => inTime(() => almanac.requestSync(request)),
    requestPlan: (request) => inTime(() => almanac.requestPlan(request)),
    syncAll: (request) => inTime(() => almanac.syncAll(request)),
    syncProgress: (workspaceId) => inTime(() => almanac.syncProgress(workspaceId)),
  };
}
