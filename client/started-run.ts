/** A workflow run that serves a request. */
export interface StartedRun {
  workflowId: string;
  runId: string;
  /** Of a sync: tells the request from others that the same run serves. */
  requestId?: string;
}
