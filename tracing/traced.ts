import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** Costs next to nothing until a process that traces registers a provider. */
const tracer = trace.getTracer('almanac');

/**
 * Runs `work` as a span of a trace: a call that leaves the process. Neither name nor attributes may hold an ID of
 * Google's, an e-mail address, a title or a token. Of an error only the fact is kept, for its words may quote any
 * of these.
 *
 * @example
 * await traced('google events.list', { 'almanac.account_id': accountId }, () => api.events.list(query));
 */
export async function traced<T>(name: string, attributes: Attributes, work: () => Promise<T>): Promise<T> {
  return tracer.startActiveSpan(name, { kind: SpanKind.CLIENT, attributes }, async (span) => {
    try {
      return await work();
    } catch (error) {
      span.setStatus({ code: SpanStatusCode.ERROR });
      throw error;
    } finally {
      span.end();
    }
  });
}
