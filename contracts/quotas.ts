/**
 * Maximum numbers per workspace. They are far above real use, and low enough that no workspace can fill the
 * database or slow down lists and plans of others. Counted under the workspace's lock, so concurrent creates
 * cannot exceed them.
 */
export const Quota = {
  accounts: 100,
  /** Keys that are not revoked. */
  apiKeys: 100,
  /** Admin keys of the installation that are not revoked. */
  adminKeys: 100,
  calendarFeeds: 100,
  /** Embed links that have not expired. */
  embedLinks: 1_000,
  notifiers: 20,
  /** Webhook subscriptions of a workspace. */
  webhooks: 50,
  /** Webhook subscriptions for all workspaces. */
  webhooksForAll: 20,
  /** Pending sign-ins: each expires after ten minutes. */
  connectAttempts: 100,
  /** Completed tasks count too: they are listed until they are removed. */
  tasks: 10_000,
  /** Tasks that one task waits for. */
  dependencies: 100,
  habits: 500,
  /** Skipped days of one habit. */
  skips: 1_000,
  /** Workspaces that may read its busy times. */
  availabilityPermits: 1_000,
  /** Types of hours that have been set. */
  hoursTypes: 50,
} as const;
