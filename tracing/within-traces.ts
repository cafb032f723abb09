import {
  context,
  INVALID_SPAN_CONTEXT,
  type Span,
  trace,
  type Tracer,
  type TracerProvider,
} from '@opentelemetry/api';

const NO_SPAN = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);

const isWithinTrace = () => trace.getSpan(context.active()) !== undefined;

/** A provider that drops spans without a parent: a health probe's statement does not start a trace. */
export function withinTraces(provider: TracerProvider): TracerProvider {
  return {
    getTracer(...identity) {
      const tracer = provider.getTracer(...identity);
      const startActiveSpan: Tracer['startActiveSpan'] = (...args: unknown[]) => {
        if (!isWithinTrace()) return (args.at(-1) as (span: Span) => never)(NO_SPAN);
        return Reflect.apply(tracer.startActiveSpan, tracer, args);
      };
      return {
        startSpan: (...args) => (isWithinTrace() ? tracer.startSpan(...args) : NO_SPAN),
        startActiveSpan,
      };
    },
  };
}
