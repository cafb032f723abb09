import { type Remedy, RemedyAction } from '../contracts/remedies.ts';

const WORKSPACE = '/api/v1/workspaces/{workspaceId}';

const existing = (route: string) => `\`GET ${route}\` lists the existing ones.`;

/** Remedies for callers of the API: a route, or the operator if there is no route. */
export const ROUTE_WORDS: Record<RemedyAction, string> = {
  [RemedyAction.allowTenantRole]: 'Ask the operator to grant that role.',
  [RemedyAction.allowWriting]: `\`PATCH ${WORKSPACE}\` enables writing; then \`POST ${WORKSPACE}/accounts/connect\` connects the account again, and its user leaves every box ticked at Google.`,
  [RemedyAction.applySchedules]: 'Ask the operator to create the schedules.',
  [RemedyAction.connectAccount]: `\`POST ${WORKSPACE}/accounts/connect\` connects an account.`,
  [RemedyAction.enableCalendar]: `\`PATCH ${WORKSPACE}/calendars/{calendarId}\` enables it.`,
  [RemedyAction.findWorkspace]:
    '`GET /api/v1/workspaces` lists the existing ones, and `POST /api/v1/workspaces` creates it.',
  [RemedyAction.inspectInstallation]: 'Ask the operator to check for running workers and paused schedules.',
  [RemedyAction.listAccounts]: existing(`${WORKSPACE}/accounts`),
  [RemedyAction.listAllDeadLetters]: existing('/api/v1/dead-letters'),
  [RemedyAction.listBlocks]: existing(`${WORKSPACE}/blocks`),
  [RemedyAction.listCalendars]: existing(`${WORKSPACE}/calendars`),
  [RemedyAction.listEmbedLinks]: existing(`${WORKSPACE}/embed-links`),
  [RemedyAction.listFeeds]: existing(`${WORKSPACE}/feeds`),
  [RemedyAction.listDeadLetters]: existing(`${WORKSPACE}/dead-letters`),
  [RemedyAction.listHabits]: existing(`${WORKSPACE}/habits`),
  [RemedyAction.listInstallationNotifiers]: existing('/api/v1/notifiers'),
  [RemedyAction.listKeys]: existing('/api/v1/keys'),
  [RemedyAction.listNotifiers]: existing(`${WORKSPACE}/notifiers`),
  [RemedyAction.listPlanRuns]: existing(`${WORKSPACE}/plan/runs`),
  [RemedyAction.listTasks]: existing(`${WORKSPACE}/tasks`),
  [RemedyAction.listTemplates]: existing('/api/v1/templates'),
  [RemedyAction.listWebhooks]: existing(`${WORKSPACE}/webhooks`),
  [RemedyAction.migrate]: 'Ask the operator to bring the database schema up to date.',
  [RemedyAction.permitAvailability]: `\`PUT ${WORKSPACE}/availability-permits/{readerId}\`, with a key of that workspace, permits it.`,
  [RemedyAction.repairMirror]: 'Ask the operator to repair the mirror.',
  [RemedyAction.resumeWorkspace]: `\`PATCH ${WORKSPACE}\` with the status active resumes it.`,
  [RemedyAction.setHours]: `\`PUT ${WORKSPACE}/hours\` sets the hours of a type.`,
  [RemedyAction.shareCalendar]: `Share it again, or disable it: \`PATCH ${WORKSPACE}/calendars/{calendarId}\`.`,
  [RemedyAction.syncWorkspace]: `\`POST ${WORKSPACE}/calendar/sync\` requests a sync.`,
};

/**
 * The error's message with the route that remedies it.
 * @param workspaceId workspace of the request, for remedies that name none
 */
export function withRoute(
  { message, remedy }: { message: string; remedy?: Remedy | undefined },
  workspaceId?: string,
): string {
  if (remedy === undefined) return message;
  const words = ROUTE_WORDS[remedy.action]
    .replaceAll('{workspaceId}', (placeholder) => remedy.workspaceId ?? workspaceId ?? placeholder)
    .replaceAll('{calendarId}', (placeholder) => remedy.calendarId ?? placeholder);
  return `${message} ${words}`;
}
