import { setTimeout as sleep } from 'node:timers/promises';
import type { ApplyEventWritesResult, WriteEventInput } from '../contracts/writing.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import { runWrite } from '../services/writing/run-write.ts';
import { countWrites, nextWrite } from '../services/writing/write-rows.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Some seconds of work, so that a worker that shuts down can finish it. */
const WORK_MS = 10_000;
/** Between two looks at an earlier write of the same event. */
const LOOK_AGAIN_MS = 200;

/**
 * Makes the next writes of a batch, in order, and returns whether more are left. A write waits for unfinished
 * ones of the same event that were requested before. Idempotent: each step is announced before it is made and
 * recorded after it, so a retry resumes with the step at which the last attempt died.
 */
export function createApplyEventWrites({ database, google }: ActivityDependencies) {
  return async function applyEventWrites({
    workspaceId,
    batchId,
  }: WriteEventInput): Promise<ApplyEventWritesResult> {
    const outcome = await googleWork(async (signal) => {
      const endsAt = performance.now() + WORK_MS;
      while (performance.now() < endsAt) {
        signal.throwIfAborted();
        const write = await nextWrite(database, workspaceId, batchId);
        if (write === null) return 'done';
        if (write.isBehind) await sleep(LOOK_AGAIN_MS, undefined, { signal });
        else await runWrite({ database, google, signal }, write);
      }
      return 'more';
    });
    return { outcome, ...(await countWrites(database, workspaceId, batchId)) };
  };
}
