/** One sync per workspace at a time: full and incremental syncs share this ID. */
export function calendarSyncWorkflowId(workspaceId: string): string {
  return `calendar-sync/${workspaceId}`;
}

/** One plan per workspace at a time: previews, applies, undos and purges share this ID. */
export function smartScheduleWorkflowId(workspaceId: string): string {
  return `smart-schedule/${workspaceId}`;
}

/** One verification per workspace at a time; it runs beside syncs. */
export function calendarVerifyWorkflowId(workspaceId: string): string {
  return `calendar-verify/${workspaceId}`;
}

/** The upkeep of one workspace's push channels, beside the schedule's runs, which Temporal names. */
export function watchRenewalWorkflowId(workspaceId: string): string {
  return `calendar-watch-renewal/${workspaceId}`;
}

/** Like `partitionWorkflowId`, of the planning's fan-out. */
export function planPartitionWorkflowId(fanOutRunId: string, index: number): string {
  return `calendar-smart-schedule/${fanOutRunId}/partition/${index}`;
}

/** A fan-out that a person or a program asked for; the schedule's own runs are named by Temporal. */
export function manualFanOutWorkflowId(requestId: string): string {
  return `calendar-provider-sync/manual/${requestId}`;
}

/** `fanOutRunId` is the coordinator's first run ID, so that the partitions of two fan-outs never collide. */
export function partitionWorkflowId(fanOutRunId: string, index: number): string {
  return `calendar-provider-sync/${fanOutRunId}/partition/${index}`;
}
