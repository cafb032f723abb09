import { definedOnly } from '../services/defined-only.ts';

/**
 * Execution time-out of runs for one workspace, across continue-as-new. A stuck run ends, and the next tick
 * starts another.
 */
export const LONGEST_RUN = '6 hours';
/** Execution time-out of a fan-out: a full sweep of a large installation takes many hours. */
export const LONGEST_FAN_OUT = '2 days';

/** Memo of a run: its correlation ID, shown in the Web UI, and the ID of the request that has started it. */
export function memoOf(
  correlationId: string | undefined,
  requestId?: string,
): { memo?: Record<string, unknown> } {
  if (correlationId === undefined && requestId === undefined) return {};
  return { memo: definedOnly({ correlationId, requestId }) };
}
