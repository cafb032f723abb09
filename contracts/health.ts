/** From worst to best. An account and a workspace have the worst health among their calendars. */
export const HEALTHS = [
  /** Google no longer accepts the grant: a person has to connect the account again. */
  'needs_reconnect',
  /** A verification has found differences from Google that have not been repaired since. */
  'drifted',
  /** The last sync failed; the next tick retries it. */
  'failing',
  /** Google no longer shows the calendar to the account. */
  'inaccessible',
  /** The account's calendar list lacks the calendar. Its events are kept and synced until that is certain. */
  'missing',
  /** Not confirmed to match Google within the promised interval, for any reason. */
  'stale',
  /** In step, except for events that are unreadable or too costly to expand. */
  'degraded',
  /** Waits for its first sync, or for an account. */
  'pending',
  'healthy',
  /** Switched off by a person. */
  'disabled',
] as const;
export type Health = (typeof HEALTHS)[number];

/** Why a calendar is not healthy. */
export const HEALTH_REASONS = [
  'paused',
  'disabled',
  'disconnected',
  'needs-reconnect',
  'inaccessible',
  'missing',
  'drifted',
  'failing',
  'never-synced',
  'token-expiring',
  'not-polled',
  'overdue',
  'left-out',
] as const;
export type HealthReason = (typeof HEALTH_REASONS)[number];
