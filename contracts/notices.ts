/** Kinds of notices that a notifier may receive. */
export const NOTICES = ['dead-letter', 'needs-reconnect'] as const;
export type NoticeKind = (typeof NOTICES)[number];

/** Kinds of notifiers: a chat that takes Slack's format, a signed webhook, an e-mail address. */
export const NOTIFIER_KINDS = ['slack', 'webhook', 'email'] as const;
export type NotifierKind = (typeof NOTIFIER_KINDS)[number];
