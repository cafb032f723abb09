/** From worst to best. A workspace, and an account, is as healthy as the worst of what it has. */
export const HEALTHS = [
  /** Google no longer accepts the grant: a person has to connect the account again. */
  'needs_reconnect',
  /** A verification has found differences from Google, and nothing has mended them since. */
  'drifted',
  /** The last sync failed; the next one tries again. */
  'failing',
  /** Google no longer shows the calendar to the account. */
  'inaccessible',
  /** The account's calendar list lacks the calendar. Its events are kept and synced until that is certain. */
  'missing',
  /** Not proven in step within the promised interval, whatever the reason. */
  'stale',
  /** In step, but for events that cannot be read or would cost too much to expand. */
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
