import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * Attributes that leave the process. All are names out of the code or opaque IDs; statements have placeholders
 * instead of values. Whatever else a library adds stays here, for nobody knows what it quotes.
 */
const KNOWN_ATTRIBUTES = new Set([
  'almanac.account_id',
  'almanac.correlation_id',
  'http.response.status_code',
  'temporalWorkflowId',
  'temporalActivityId',
  'run_id',
  'workflowId',
  'runId',
  'workflowType',
  'namespace',
  'taskQueue',
  'db.system.name',
  'db.query.text',
  'method',
  'model',
  'exception.type',
]);

/** A client that waits asks for progress twice a second. */
const POLLING = /^(QueryWorkflow|HandleQuery):/;

function known(attributes: Attributes | undefined): Attributes {
  return Object.fromEntries(Object.entries(attributes ?? {}).filter(([name]) => KNOWN_ATTRIBUTES.has(name)));
}

/** The span without anything that could hold a title, a token or an address. Of an error its type is kept. */
function discreet(span: ReadableSpan): ReadableSpan {
  return Object.assign(Object.create(span) as ReadableSpan, {
    attributes: known(span.attributes),
    status: { code: span.status.code },
    events: span.events.map((event) => ({ ...event, attributes: known(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: known(link.attributes) })),
  });
}

/** Passes spans on to `exporter` with nothing in them that must not leave the process. */
export function createDiscreetExporter(exporter: SpanExporter): SpanExporter {
  return {
    export(spans, done) {
      exporter.export(
        spans.filter(({ name }) => !POLLING.test(name)).map((span) => discreet(span)),
        done,
      );
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}
