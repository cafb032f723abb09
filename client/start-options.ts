/**
 * Execution time-out of runs for one workspace, across continue-as-new. A stuck run ends, and the next tick
 * starts another.
 */
export const LONGEST_RUN = '6 hours';
/** Execution time-out of a fan-out: a full sweep of a large installation takes many hours. */
export const LONGEST_FAN_OUT = '2 days';

/** Memo that shows a run's correlation ID in the Web UI. */
export function memoOf(correlationId: string | undefined): { memo?: Record<string, unknown> } {
  return correlationId === undefined ? {} : { memo: { correlationId } };
}
