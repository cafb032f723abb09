/** Reason for a block's place. Instants are UTC. */
export type PlacementReason =
  /** The user pinned it or it has begun, it starts too soon to be moved, or no change was needed. */
  | { code: 'kept'; because: 'pinned' | 'frozen' | 'unchanged' }
  | { code: 'earliest-fit' }
  | { code: 'ideal-time'; deviationMinutes: number }
  | { code: 'after-deadline'; deadline: string; lateMinutes: number }
  | { code: 'waiting-for'; refId: string }
  | { code: 'displaced-by'; refId: string };

/** Reason why minutes are not placed. */
export type UnscheduledReason =
  | { code: 'no-gap-long-enough'; longest: number; needed: number }
  | { code: 'hours-exhausted-before-deadline'; free: number; needed: number }
  | { code: 'displaced-by'; refId: string }
  | { code: 'waiting-for'; refId: string }
  /** There is free time, but not within the daily limit of its type of hours. */
  | { code: 'daily-limit'; limit: number; needed: number }
  /** An unsplittable task, or a habit on its day, has its only block already, and it is fixed. */
  | { code: 'one-block-only'; placed: number }
  /** The rest is shorter than the shortest block. */
  | { code: 'too-short'; shortest: number };

/** A conflict that the user should check. The plan itself still follows the rules. */
export type PlanWarning =
  | { code: 'pinned-over-busy'; blockId: string }
  | { code: 'pinned-overlap'; blockId: string; otherBlockId: string }
  | { code: 'pinned-more-than-left'; refId: string; minutes: number }
  | { code: 'unknown-reference'; blockId: string; refId: string };
