/** The operation that failed: values of `dead_letters.operation`. */
export const DeadLetterOperation = {
  /** A sync of a calendar. */
  sync: 'sync',
  /** Reading the calendar list of an account. */
  calendarList: 'calendar-list',
  /** The grant of an account: one dead letter, no matter how many of its calendars fail. */
  consent: 'consent',
  /** Getting access tokens for any account: one dead letter for the installation. */
  accessToken: 'access-token',
  /** Applying a workspace's plan. */
  plan: 'plan',
  /** Deliveries to webhooks, of a workspace or for all of them. */
  delivery: 'delivery',
} as const;
export type DeadLetterOperation = (typeof DeadLetterOperation)[keyof typeof DeadLetterOperation];
