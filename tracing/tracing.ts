import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry';

/** Interceptors and sinks that a tracing process adds to Temporal's clients and workers. */
export interface Tracing {
  /** For clients: starts and signals carry the trace. */
  client: WorkflowClientInterceptor;
  /** For workers: activities join the trace of their workflow. */
  activity: ActivityInterceptorsFactory;
  /** For workers: export the spans of workflows from their sandbox. */
  sinks: InjectedSinks<OpenTelemetrySinks>;
  /** Sends the remaining spans and ends tracing. */
  shutdown(): Promise<void>;
}
