import type { Attributes } from '@opentelemetry/api';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace-base';

/**
 * Attributes that are exported. All are names from the code or opaque IDs; statements have placeholders
 * instead of values. Other attributes are dropped, because they may quote user data.
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

/** Spans of progress queries, which a waiting client sends twice a second. */
const POLLING = /^(QueryWorkflow|HandleQuery):/;

function known(attributes: Attributes | undefined): Attributes {
  return Object.fromEntries(Object.entries(attributes ?? {}).filter(([name]) => KNOWN_ATTRIBUTES.has(name)));
}

/**
 * The span without anything that could hold a title, a token or an address. Only the type of an error is
 * kept.
 */
function discreet(span: ReadableSpan): ReadableSpan {
  return Object.assign(Object.create(span) as ReadableSpan, {
    attributes: known(span.attributes),
    status: { code: span.status.code },
    events: span.events.map((event) => ({ ...event, attributes: known(event.attributes) })),
    links: span.links.map((link) => ({ ...link, attributes: known(link.attributes) })),
  });
}

/** Passes spans on to `exporter` without attributes that may hold personal data or secrets. */
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
