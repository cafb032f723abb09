/**
 * What a workspace may have at most. Far above what people have, and low enough that none can fill the database or make
 * lists and plans slow for others. Counted under the workspace's lock, so that creates at the same time do not exceed it.
 */
export const Quota = {
  accounts: 100,
  /** Keys that are not revoked. */
  apiKeys: 100,
  /** Sign-ins under way: each expires after ten minutes. */
  connectAttempts: 100,
  /** Done ones count, too: they are listed until they are removed. */
  tasks: 10_000,
  /** Tasks that one task waits for. */
  dependencies: 100,
  habits: 500,
  /** Skipped days of one habit. */
  skips: 1_000,
  /** Types of hours that have been set. */
  hoursTypes: 50,
} as const;
