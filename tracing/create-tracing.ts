import { detectResourcesSync, envDetectorSync, Resource } from '@opentelemetry/resources';
import { BatchSpanProcessor, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import { PrismaInstrumentation } from '@prisma/instrumentation';
import {
  makeWorkflowExporter,
  OpenTelemetryActivityInboundInterceptor,
  OpenTelemetryActivityOutboundInterceptor,
  OpenTelemetryWorkflowClientInterceptor,
} from '@temporalio/interceptors-opentelemetry';
import { createDiscreetExporter } from './discreet-exporter.ts';
import type { TracingSettings } from './settings.ts';
import type { Tracing } from './tracing.ts';
import { withinTraces } from './within-traces.ts';

/** OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES come before it. */
const SERVICE = new Resource({ 'service.name': 'almanac' });
/** A collector that does not answer must not hold up the end of a process. */
const LAST_WORDS_MS = 5_000;

async function createExporter({ protocol }: TracingSettings): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/**
 * Registers a tracer for this process: `traced` and Prisma's statements write into it from now on. No HTTP
 * instrumentation: it would put calendar IDs, which are e-mail addresses, into the URLs of spans.
 */
export async function createTracing(settings: TracingSettings): Promise<Tracing> {
  const resource = Resource.default()
    .merge(SERVICE)
    .merge(detectResourcesSync({ detectors: [envDetectorSync] }));
  const processor = new BatchSpanProcessor(createDiscreetExporter(await createExporter(settings)));
  const provider = new NodeTracerProvider({ resource, spanProcessors: [processor] });
  provider.register();
  const prisma = new PrismaInstrumentation();
  prisma.setTracerProvider(withinTraces(provider));
  prisma.enable();

  return {
    client: new OpenTelemetryWorkflowClientInterceptor(),
    activity: (context) => ({
      inbound: new OpenTelemetryActivityInboundInterceptor(context),
      outbound: new OpenTelemetryActivityOutboundInterceptor(context),
    }),
    sinks: { exporter: makeWorkflowExporter(processor, resource) },
    async shutdown() {
      const late = new Promise<void>((resolve) => {
        setTimeout(resolve, LAST_WORDS_MS).unref();
      });
      await Promise.race([provider.shutdown().catch(() => undefined), late]);
    },
  };
}
