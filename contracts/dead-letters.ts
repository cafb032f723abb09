/** What failed, in `dead_letters.operation`. */
export const DeadLetterOperation = {
  /** A sync of a calendar. */
  sync: 'sync',
  /** Reading the calendar list of an account. */
  calendarList: 'calendar-list',
  /** The grant of an account: one letter, however many of its calendars fail for it. */
  consent: 'consent',
  /** Getting access tokens at all, whoever's: one letter for the installation. */
  accessToken: 'access-token',
  /** Applying a workspace's plan. */
  plan: 'plan',
} as const;
export type DeadLetterOperation = (typeof DeadLetterOperation)[keyof typeof DeadLetterOperation];
