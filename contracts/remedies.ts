/** Remedies of errors and of unhealthy calendars. The command line and the API put them into words. */
export const RemedyAction = {
  allowTenantRole: 'allow-tenant-role',
  allowWriting: 'allow-writing',
  applySchedules: 'apply-schedules',
  connectAccount: 'connect-account',
  enableCalendar: 'enable-calendar',
  findWorkspace: 'find-workspace',
  inspectInstallation: 'inspect-installation',
  listAccounts: 'list-accounts',
  listAllDeadLetters: 'list-all-dead-letters',
  listBlocks: 'list-blocks',
  listCalendars: 'list-calendars',
  listEmbedLinks: 'list-embed-links',
  listFeeds: 'list-feeds',
  listDeadLetters: 'list-dead-letters',
  listHabits: 'list-habits',
  listInstallationNotifiers: 'list-installation-notifiers',
  listKeys: 'list-keys',
  listNotifiers: 'list-notifiers',
  listPlanRuns: 'list-plan-runs',
  listTasks: 'list-tasks',
  listTemplates: 'list-templates',
  listWebhooks: 'list-webhooks',
  migrate: 'migrate',
  permitAvailability: 'permit-availability',
  repairMirror: 'repair-mirror',
  resumeWorkspace: 'resume-workspace',
  setHours: 'set-hours',
  shareCalendar: 'share-calendar',
  syncWorkspace: 'sync-workspace',
} as const;
export type RemedyAction = (typeof RemedyAction)[keyof typeof RemedyAction];

export interface Remedy {
  action: RemedyAction;
  workspaceId?: string;
  calendarId?: string;
  /** Postgres user. */
  user?: string;
}
