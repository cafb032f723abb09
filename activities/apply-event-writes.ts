import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../contracts/failure-types.ts';
import type { ApplyEventWritesResult, WriteEventInput } from '../contracts/writing.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { toActivityFailure } from '../services/google/to-activity-failure.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import { settleHalfMade, settleIfPossible } from '../services/writing/settle-half-made.ts';
import { runWrite } from '../services/writing/run-write.ts';
import { countWrites, failWrite, nextWrite } from '../services/writing/write-rows.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Some seconds of work, so that a worker that shuts down can finish it. */
const WORK_MS = 10_000;
/** Failures that concern the account, the calendar or the event of a write, and no other write. */
const FINAL = [
  FailureType.googleAuthRevoked,
  FailureType.googleForbidden,
  FailureType.googleNotFound,
  FailureType.googleBadRequest,
];
/** Between two looks at an earlier write of the same event. */
const LOOK_AGAIN_MS = 200;

/** Runs a write. A failure that no retry mends is the write's own: the others of the batch go on. */
async function runOrFail(...[context, write]: Parameters<typeof runWrite>): Promise<void> {
  try {
    if (write.isAfterHalfMade) await settleHalfMade(context, write.calendarId);
    await runWrite(context, write);
  } catch (error) {
    const type = finalTypeOf(error);
    if (type === null) throw error;
    await failWrite(context.database, write, type);
    await settleIfPossible(context, write.calendarId);
  }
}

function finalTypeOf(error: unknown): FailureType | null {
  const failure =
    error instanceof GoogleCallError ? toActivityFailure(error.failure, activityInfo().attempt) : error;
  if (!(failure instanceof ApplicationFailure) || failure.nonRetryable !== true) return null;
  return FINAL.find((type) => type === failure.type) ?? null;
}

/**
 * Makes the next writes of a batch, in order, and returns whether more are left. A write waits for unfinished
 * ones of the same event that were requested before. Idempotent: each step is announced before it is made and
 * recorded after it, so a retry resumes with the step at which the last attempt died.
 */
export function createApplyEventWrites({ database, google, metrics }: ActivityDependencies) {
  return async function applyEventWrites({
    workspaceId,
    batchId,
  }: WriteEventInput): Promise<ApplyEventWritesResult> {
    const before = await countWrites(database, workspaceId, batchId);
    const outcome = await googleWork(async (signal) => {
      const endsAt = performance.now() + WORK_MS;
      while (performance.now() < endsAt) {
        signal.throwIfAborted();
        const write = await nextWrite(database, workspaceId, batchId);
        if (write === null) return 'done';
        if (write.isBehind) await sleep(LOOK_AGAIN_MS, undefined, { signal });
        else await runOrFail({ database, google, signal }, write);
      }
      return 'more';
    });
    const counts = await countWrites(database, workspaceId, batchId);
    metrics.eventsWritten({
      done: counts.done - before.done,
      refused: counts.refused - before.refused,
      failed: counts.failed - before.failed,
    });
    return { outcome, ...counts };
  };
}
