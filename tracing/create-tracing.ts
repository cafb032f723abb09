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

/** Default name; OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES override it. */
const SERVICE = new Resource({ 'service.name': 'almanac' });
/** Time for the last spans: a collector that does not answer must not keep the process from ending. */
const LAST_WORDS_MS = 5_000;

async function createExporter({ protocol }: TracingSettings): Promise<SpanExporter> {
  const { OTLPTraceExporter } =
    protocol === 'http/json'
      ? await import('@opentelemetry/exporter-trace-otlp-http')
      : await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter();
}

/**
 * Registers a tracer for this process, which `traced` and Prisma's statements then use. HTTP instrumentation
 * is left out, because it would put calendar IDs, which are e-mail addresses, into span URLs.
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
