/** Temporal priority keys: lower is dispatched first. Fairness within a key is by workspace. */
export const PriorityKey = {
  /** A person or a push notification is waiting. */
  interactive: 1,
  /** The 15-minute tick. */
  tick: 3,
  /** Full syncs, verifications and planning, in idle capacity. */
  sweep: 5,
} as const;
