import { z } from 'zod';

/** A run that serves a request, as callers see it. */
export const startedRunSchema = z
  .object({ workflowId: z.string(), runId: z.string() })
  .describe('Run that serves the request');

/** A workflow run that serves a request. */
export interface StartedRun extends z.infer<typeof startedRunSchema> {
  /** ID that distinguishes a sync request from others served by the same run. */
  requestId?: string;
}
