/** Kinds of notices that a notifier may receive. */
export const NOTICES = [
  'dead-letter',
  'needs-reconnect',
  'plan-applied',
  'daily-agenda',
  'weekly-summary',
  'health-report',
] as const;
export type NoticeKind = (typeof NOTICES)[number];

/** Kinds that are sent by the clock. */
export const REPORT_NOTICES = [
  'daily-agenda',
  'weekly-summary',
  'health-report',
] as const satisfies NoticeKind[];
export type ReportNotice = (typeof REPORT_NOTICES)[number];

/** Kinds that hold titles, so that only notifiers of a workspace may receive them. */
export const WORKSPACE_NOTICES: readonly NoticeKind[] = ['daily-agenda', 'weekly-summary'];

/** Kinds about the whole installation, which only its own notifiers may receive. */
export const INSTALLATION_NOTICES: readonly NoticeKind[] = ['health-report'];

/** Hour of the workspace's time zone at which reports are sent unless another is chosen. */
export const DEFAULT_AGENDA_HOUR = 7;
/** Weekday on which a weekly summary is sent unless another is chosen. */
export const DEFAULT_SUMMARY_WEEKDAY = 'mon';

/** Kinds that a notifier receives unless others are chosen: what needs a person. */
export const DEFAULT_NOTICES = ['dead-letter', 'needs-reconnect'] as const satisfies NoticeKind[];

/** Kinds of notifiers: a chat that takes Slack's format, a signed webhook, an e-mail address. */
export const NOTIFIER_KINDS = ['slack', 'webhook', 'email'] as const;
export type NotifierKind = (typeof NOTIFIER_KINDS)[number];
