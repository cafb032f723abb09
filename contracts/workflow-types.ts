/** Workflow type names, as `temporal workflow start --type` takes them. */
export const WorkflowType = {
  syncAllWorkspaces: 'syncAllWorkspaces',
  syncWorkspacePartition: 'syncWorkspacePartition',
  incrementalSync: 'incrementalSync',
  fullSync: 'fullSync',
  rollHorizons: 'rollHorizons',
  scheduleAllWorkspaces: 'scheduleAllWorkspaces',
  scheduleWorkspacePartition: 'scheduleWorkspacePartition',
  scheduleWorkspace: 'scheduleWorkspace',
  notifyDeadLetters: 'notifyDeadLetters',
  verifyWorkspace: 'verifyWorkspace',
  auditDrift: 'auditDrift',
  applyRetention: 'applyRetention',
  maintainWatchChannels: 'maintainWatchChannels',
  writeEvent: 'writeEvent',
  applyTemplateToWorkspaces: 'applyTemplateToWorkspaces',
  deleteWorkspace: 'deleteWorkspace',
  deliverChanges: 'deliverChanges',
} as const;
export type WorkflowType = (typeof WorkflowType)[keyof typeof WorkflowType];

/** Schedule IDs, as `temporal schedule describe --schedule-id` takes them. */
export const ScheduleId = {
  calendarProviderSync: 'calendar-provider-sync',
  calendarHorizonRoll: 'calendar-horizon-roll',
  calendarSmartSchedule: 'calendar-smart-schedule',
  calendarDeadLetterNotices: 'calendar-dead-letter-notices',
  calendarDriftAudit: 'calendar-drift-audit',
  calendarRetention: 'calendar-retention',
  calendarWatchRenewal: 'calendar-watch-renewal',
} as const;
export type ScheduleId = (typeof ScheduleId)[keyof typeof ScheduleId];
