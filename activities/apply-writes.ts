import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import type { ApplyWritesInput, ApplyWritesResult } from '../contracts/planning-activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import { resolveWorkspaceDeadLetters } from '../services/dead-letters/resolve-dead-letters.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { failure } from '../services/failures.ts';
import { createOwnEvents } from '../services/google/own-events.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import {
  loadCalendar,
  targetCalendar,
  type WritableCalendar,
} from '../services/planning/write-back/target-calendar.ts';
import { writeBlock, type WriteContext } from '../services/planning/write-back/write-block.ts';
import { toJson } from '../services/mirror/to-jsonb.ts';
import { countsOf, doneWrites, nextWrite } from '../services/planning/write-back/writes.ts';

/** Some seconds of work, so that a worker that shuts down can finish it. */
const WRITES_PER_BATCH = 25;
/**
 * Longest age of a plan to apply: later its free times may be taken, and its blocks may start in the past.
 */
const PLAN_HOLDS_MS = 15 * 60_000;

/** Memoizes `load` by key. */
function remembered<T>(load: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const known = new Map<string, Promise<T>>();
  return (key) => {
    const value = known.get(key) ?? load(key);
    known.set(key, value);
    return value;
  };
}

/**
 * Does the next writes of a run, in order, and returns whether more are left. Each is recorded before the
 * next begins, so a retry resumes with the write at which the last attempt died.
 */
export function createApplyWrites({ database, google, now }: ActivityDependencies) {
  function contextOf(workspaceId: string, signal: AbortSignal): WriteContext {
    const calendar = remembered((calendarId) => loadCalendar(database, calendarId));
    const target = remembered((id): Promise<WritableCalendar> =>
      targetCalendar(database, google, signal, id),
    );
    return {
      database,
      events: createOwnEvents(google, signal),
      target: () => target(workspaceId),
      calendar: async (calendarId) => (calendarId === null ? null : calendar(calendarId)),
    };
  }

  async function writeBatch(
    context: WriteContext,
    runId: string,
    signal: AbortSignal,
  ): Promise<'more' | 'done' | 'edited'> {
    for (let count = 0; count < WRITES_PER_BATCH; count += 1) {
      signal.throwIfAborted();
      const write = await nextWrite(database, runId);
      if (write === null) return 'done';
      if ((await writeBlock(context, write)) === 'edited') return 'edited';
    }
    return 'more';
  }

  async function finish(
    run: { id: string; workspaceId: string; undoOf: string | null },
    outcome: Exclude<ApplyWritesResult['outcome'], 'more'>,
  ): Promise<ApplyWritesResult> {
    const diff = await doneWrites(database, run.id);
    const finishedAt = await now();
    await database.$transaction(async (transaction) => {
      await transaction.scheduleRun.update({
        where: { id: run.id },
        data: {
          status: outcome === 'done' ? 'applied' : 'failed',
          finishedAt,
          diff: toJson(diff),
        },
      });
      // An undo does not prove that plans can be applied.
      if (outcome === 'done' && run.undoOf === null)
        await resolveWorkspaceDeadLetters(transaction, run.workspaceId, DeadLetterOperation.plan);
    });
    if (outcome === 'done' && run.undoOf !== null) {
      await database.scheduleRun.update({ where: { id: run.undoOf }, data: { undoneAt: finishedAt } });
    }
    return { outcome, totals: countsOf(diff) };
  }

  return async function applyWrites({ workspaceId, runId }: ApplyWritesInput): Promise<ApplyWritesResult> {
    const run = await database.scheduleRun.findFirst({ where: { id: runId, workspaceId } });
    if (run === null) throw failure(FailureType.invalidInput, `runId "${runId}" names no run.`);
    const first = await nextWrite(database, runId);
    if (first !== null && (await now()).getTime() - run.startedAt.getTime() > PLAN_HOLDS_MS)
      return finish(run, 'stale');
    const outcome = await googleWork((signal) => writeBatch(contextOf(workspaceId, signal), runId, signal));
    if (outcome === 'more') return { outcome, totals: countsOf(await doneWrites(database, runId)) };
    return finish(run, outcome);
  };
}
