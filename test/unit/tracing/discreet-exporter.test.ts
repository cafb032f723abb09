import { SpanStatusCode } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { expect, it } from 'vitest';
import { createDiscreetExporter } from '../../../tracing/discreet-exporter.ts';

const memory = new InMemorySpanExporter();
const provider = new BasicTracerProvider({
  spanProcessors: [new SimpleSpanProcessor(createDiscreetExporter(memory))],
});
const tracer = provider.getTracer('test');

it('exports nothing of a span but what is known to be harmless', () => {
  const span = tracer.startSpan('RunActivity:pullEventsPage', {
    attributes: { temporalWorkflowId: 'calendar-sync/acme', 'http.url': 'https://example.com/canary' },
  });
  span.addEvent('error', { 'db.query.text': 'select $1', 'db.parameters': 'canary' });
  span.recordException(new TypeError('canary'));
  span.setStatus({ code: SpanStatusCode.ERROR, message: 'canary' });
  span.end();

  const [exported] = memory.getFinishedSpans();
  expect(exported).toMatchObject({
    name: 'RunActivity:pullEventsPage',
    status: { code: SpanStatusCode.ERROR },
    events: [
      { name: 'error', attributes: { 'db.query.text': 'select $1' } },
      { name: 'exception', attributes: { 'exception.type': 'TypeError' } },
    ],
  });
  expect(exported?.attributes).toEqual({ temporalWorkflowId: 'calendar-sync/acme' });
  const { attributes, events, links, name, status } = exported ?? {};
  expect(JSON.stringify({ attributes, events, links, name, status })).not.toContain('canary');
  expect(exported?.spanContext()).toEqual(span.spanContext());
  expect(exported?.ended).toBe(true);
});

it('leaves out the polling of a client that waits', () => {
  memory.reset();
  tracer.startSpan('QueryWorkflow:progress').end();
  tracer.startSpan('StartWorkflow:fullSync').end();
  expect(memory.getFinishedSpans().map(({ name }) => name)).toEqual(['StartWorkflow:fullSync']);
});
