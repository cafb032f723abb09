import type { WorkflowClientInterceptor } from '@temporalio/client';
import type { ActivityInterceptorsFactory, InjectedSinks } from '@temporalio/worker';
import type { OpenTelemetrySinks } from '@temporalio/interceptors-opentelemetry';

/** What a process that traces hangs into Temporal's clients and workers. */
export interface Tracing {
  /** For a client: starts and signals carry the trace along. */
  client: WorkflowClientInterceptor;
  /** For a worker: an activity is part of the trace of its workflow. */
  activity: ActivityInterceptorsFactory;
  /** For a worker: spans of workflows come out of their sandbox through these. */
  sinks: InjectedSinks<OpenTelemetrySinks>;
  /** Sends what has not been sent yet, and ends. */
  shutdown(): Promise<void>;
}
