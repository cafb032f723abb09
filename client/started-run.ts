/** A workflow run that serves a request. */
export interface StartedRun {
  workflowId: string;
  runId: string;
  /** ID that distinguishes a sync request from others served by the same run. */
  requestId?: string;
}
