import { workflowInfo } from '@temporalio/workflow';
import type { CalendarQueue } from './calendar-queue.ts';

/** So many passes and so much time new requests may prolong a run: whoever waits for it has to be answered. */
const PASSES = 4;
const PROLONGED_FOR_MS = 10_000;
/** A calendar that is being retried keeps a run open for longer, and the others are served meanwhile. */
const RETRIED_FOR_MS = 900_000;
/** The server takes 10,000 signals of one run. */
const MOST_SIGNALS = 2_000;

interface RunState {
  passes: number;
  signals: number;
  /** Milliseconds. */
  beganAt: number;
  queue: CalendarQueue;
}

/** False where a run is to hand on to its successor as soon as what it has begun has ended. */
export function mayBegin({ passes, signals, beganAt, queue }: RunState): boolean {
  const now = Date.now();
  const age = now - beganAt;
  if (passes === 0) return true;
  if (workflowInfo().continueAsNewSuggested && queue.begun > 0) return false;
  if (signals >= MOST_SIGNALS || age >= RETRIED_FOR_MS) return false;
  return passes < PASSES || age < PROLONGED_FOR_MS || queue.isSlow(now);
}
