/** What a run is found by in the Web UI, beside its input: the correlation ID of the request that started it. */
export function memoOf(correlationId: string | undefined): { memo?: Record<string, unknown> } {
  return correlationId === undefined ? {} : { memo: { correlationId } };
}
