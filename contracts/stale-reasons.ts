/** Why the mirror of a calendar cannot be proven as recently as a caller asks. */
export const STALE_REASONS = [
  /** Its workspace is paused. */
  'paused',
  /** Google no longer accepts the grant: a person has to connect the account again. */
  'needs-reconnect',
  /** Its account is disconnected. */
  'disconnected',
  /** Google no longer shows the calendar to the account. */
  'inaccessible',
  /** It is not synced. */
  'not-polled',
  /** Its sync fails; `lastError` has the failure type. */
  'failing',
  /** Its sync did not finish in time. */
  'timed-out',
] as const;
export type StaleReason = (typeof STALE_REASONS)[number];
