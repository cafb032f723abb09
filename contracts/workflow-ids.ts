/** One sync per workspace at a time: full and incremental syncs share this ID. */
export function calendarSyncWorkflowId(workspaceId: string): string {
  return `calendar-sync/${workspaceId}`;
}

/** One plan per workspace at a time: previews, applies, undos and purges share this ID. */
export function smartScheduleWorkflowId(workspaceId: string): string {
  return `smart-schedule/${workspaceId}`;
}

/** Writes of one request to a workspace's events. */
export function eventWriteWorkflowId(workspaceId: string, batchId: string): string {
  return `event-write/${workspaceId}/${batchId}`;
}

/** Deliveries of one webhook subscription. */
export function deliveryWorkflowId(subscriptionId: string): string {
  return `delivery/${subscriptionId}`;
}

/** One verification per workspace at a time; it runs beside syncs. */
export function calendarVerifyWorkflowId(workspaceId: string): string {
  return `calendar-verify/${workspaceId}`;
}

/** The deletion of a workspace. */
export function workspaceDeleteWorkflowId(workspaceId: string): string {
  return `workspace-delete/${workspaceId}`;
}

/** One application of a template to many workspaces. */
export function templateApplicationWorkflowId(applicationId: string): string {
  return `template-application/${applicationId}`;
}

/** Upkeep of one workspace's push channels. Runs of the schedule have IDs given by Temporal. */
export function watchRenewalWorkflowId(workspaceId: string): string {
  return `calendar-watch-renewal/${workspaceId}`;
}

/** Like `partitionWorkflowId`, for the fan-out of planning. */
export function planPartitionWorkflowId(fanOutRunId: string, index: number): string {
  return `calendar-smart-schedule/${fanOutRunId}/partition/${index}`;
}

/** A fan-out started by a caller. Runs of the schedule have IDs given by Temporal. */
export function manualFanOutWorkflowId(requestId: string): string {
  return `calendar-provider-sync/manual/${requestId}`;
}

/** `fanOutRunId` is the coordinator's first run ID, so that the partitions of two fan-outs never collide. */
export function partitionWorkflowId(fanOutRunId: string, index: number): string {
  return `calendar-provider-sync/${fanOutRunId}/partition/${index}`;
}
