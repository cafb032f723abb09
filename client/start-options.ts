/** Of runs about one workspace, with all that they continue as: what is stuck ends, and the next tick begins afresh. */
export const LONGEST_RUN = '6 hours';
/** Of a fan-out over every workspace: a full sweep of a big installation takes many hours. */
export const LONGEST_FAN_OUT = '2 days';

/** What a run is found by in the Web UI, beside its input: the correlation ID of the request that started it. */
export function memoOf(correlationId: string | undefined): { memo?: Record<string, unknown> } {
  return correlationId === undefined ? {} : { memo: { correlationId } };
}
