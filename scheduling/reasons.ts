/** Why a block is where it is. Instants are UTC. */
export type PlacementReason =
  /** The user put it there, it has begun, it begins too soon to be moved, or nothing asked for a change. */
  | { code: 'kept'; because: 'pinned' | 'frozen' | 'unchanged' }
  | { code: 'earliest-fit' }
  | { code: 'ideal-time'; deviationMinutes: number }
  | { code: 'after-deadline'; deadline: string; lateMinutes: number }
  | { code: 'waiting-for'; refId: string }
  | { code: 'displaced-by'; refId: string };

/** Why minutes have no place. Minutes are those of free time as the plan leaves it. */
export type UnscheduledReason =
  | { code: 'no-gap-long-enough'; longest: number; needed: number }
  | { code: 'hours-exhausted-before-deadline'; free: number; needed: number }
  | { code: 'displaced-by'; refId: string }
  | { code: 'waiting-for'; refId: string }
  /** There is time, but not under the limit of minutes a day for its type of hours. */
  | { code: 'daily-limit'; limit: number; needed: number }
  /** A task that must not be split has its one block already: the user pinned it. */
  | { code: 'one-block-only'; placed: number }
  /** What is left is shorter than the shortest block. */
  | { code: 'too-short'; shortest: number };

/** Something the user may want to look at; the plan holds its rules all the same. */
export type PlanWarning =
  | { code: 'pinned-over-busy'; blockId: string }
  | { code: 'pinned-overlap'; blockId: string; otherBlockId: string }
  | { code: 'pinned-more-than-left'; refId: string; minutes: number }
  | { code: 'unknown-reference'; blockId: string; refId: string };
