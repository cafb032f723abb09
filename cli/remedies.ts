import { type Remedy, RemedyAction } from '../contracts/remedies.ts';
import { grantStatement, TENANT_ROLE } from '../prisma/tenant-role.ts';

const existing = (command: string) => `Run \`almanac ${command}\` to see the existing ones.`;

/** Remedies as commands, for the terminal. */
export const COMMAND_WORDS: Record<RemedyAction, string> = {
  [RemedyAction.allowTenantRole]: `Have an administrator of the server run \`create role ${TENANT_ROLE} nologin\`, unless it exists, and \`${grantStatement('<user>')}\`; then run \`almanac migrate\`.`,
  [RemedyAction.allowWriting]:
    'Run `almanac workspace set <workspace> --writing on`, then `almanac account connect <workspace>`, and leave every box ticked at Google.',
  [RemedyAction.applySchedules]: 'Run `almanac schedules apply` to create it.',
  [RemedyAction.connectAccount]: 'Run `almanac account connect <workspace>` to connect an account.',
  [RemedyAction.enableCalendar]: 'Run `almanac calendar enable <calendar>` to enable it.',
  [RemedyAction.findWorkspace]:
    'Run `almanac workspace list` to see the existing ones, or `almanac workspace create <workspace> --time-zone <zone>` to create it.',
  [RemedyAction.inspectInstallation]:
    'Run `almanac doctor` to check for running workers and paused schedules.',
  [RemedyAction.listAccounts]: existing('account list <workspace>'),
  [RemedyAction.listAllDeadLetters]: existing('dead-letter list'),
  [RemedyAction.listBlocks]: existing('block list <workspace>'),
  [RemedyAction.listCalendars]: existing('calendar list <workspace>'),
  [RemedyAction.listEmbedLinks]: existing('embed list <workspace>'),
  [RemedyAction.listFeeds]: existing('feed list <workspace>'),
  [RemedyAction.listDeadLetters]: existing('dead-letter list --workspace <workspace>'),
  [RemedyAction.listHabits]: existing('habit list <workspace>'),
  [RemedyAction.listInstallationNotifiers]: existing('notifier list'),
  [RemedyAction.listKeys]: existing('key list'),
  [RemedyAction.listNotifiers]: existing('notifier list --workspace <workspace>'),
  [RemedyAction.listPlanRuns]: 'Run `almanac plan <workspace> --apply` to get the ID of a run.',
  [RemedyAction.listTasks]: existing('task list <workspace> --all'),
  [RemedyAction.listTemplates]: existing('template list'),
  [RemedyAction.listWebhooks]: existing('webhook list'),
  [RemedyAction.migrate]: 'Run `almanac migrate`.',
  [RemedyAction.permitAvailability]: 'Run `almanac permit add <workspace> <reader>` to permit it.',
  [RemedyAction.repairMirror]: 'Run `almanac verify <workspace> --repair` to repair it.',
  [RemedyAction.resumeWorkspace]: 'Run `almanac workspace resume <workspace>` to resume it.',
  [RemedyAction.setHours]: 'Run `almanac hours set <workspace>` to set the hours of a type.',
  [RemedyAction.shareCalendar]: 'Share it again, or run `almanac calendar disable <calendar>`.',
  [RemedyAction.syncWorkspace]: 'Run `almanac sync <workspace>`, or wait for the next tick.',
};

/** The error's message with the command that remedies it. */
export function withCommand({ message, remedy }: { message: string; remedy?: Remedy | undefined }): string {
  if (remedy === undefined) return message;
  const words = COMMAND_WORDS[remedy.action]
    .replaceAll('<workspace>', (placeholder) => remedy.workspaceId ?? placeholder)
    .replaceAll('<calendar>', (placeholder) => remedy.calendarId ?? placeholder)
    .replaceAll('<user>', (placeholder) => remedy.user ?? placeholder);
  return `${message} ${words}`;
}
