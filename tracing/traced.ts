import { type Attributes, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';

/** Almost free until a provider is registered. */
const tracer = trace.getTracer('almanac');

/**
 * Runs `work`, a call that leaves the process, as a span of a trace. Neither name nor attributes may hold a
 * Google ID, an e-mail address, a title or a token. An error is recorded without its message, which may quote
 * any of these.
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
