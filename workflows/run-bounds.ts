import { workflowInfo } from '@temporalio/workflow';
import type { CalendarQueue } from './calendar-queue.ts';

/** New requests prolong a run only until it has exceeded both limits, because callers wait for its end. */
const PASSES = 4;
const PROLONGED_FOR_MS = 10_000;
/** A calendar being retried keeps a run open up to this age; requests for the others are served meanwhile. */
const RETRIED_FOR_MS = 900_000;
/** Far below the server's limits per run: 10,000 signals, and 2,000 updates. */
const MOST_SIGNALS = 2_000;
const MOST_UPDATES = 1_000;

interface RunState {
  passes: number;
  signals: number;
  updates: number;
  /** Milliseconds. */
  beganAt: number;
  queue: CalendarQueue;
}

/** Whether a run may begin more work. If not, it continues as new once its current work has ended. */
export function mayBegin({ passes, signals, updates, beganAt, queue }: RunState): boolean {
  const now = Date.now();
  const age = now - beganAt;
  if (passes === 0) return true;
  if (workflowInfo().continueAsNewSuggested && queue.begun > 0) return false;
  if (signals >= MOST_SIGNALS || updates >= MOST_UPDATES || age >= RETRIED_FOR_MS) return false;
  return passes < PASSES || age < PROLONGED_FOR_MS || queue.isSlow(now);
}
