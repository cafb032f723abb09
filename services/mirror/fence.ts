/**
 * Which attempt is writing which part of a listing: the pages of one activity. A claim takes a calendar for one
 * attempt; a commit checks, in its own transaction, that no later attempt has claimed it since. So an attempt that
 * timed out and wakes up later writes nothing, whatever it still holds in its hands.
 */
export interface Fence {
  calendarId: string;
  runId: string;
  /** By the clock of Temporal's server. */
  runStartedAt: Date;
  /** Counts the listings of this calendar in this run. */
  listing: number;
  /** Counts the parts of the listing, from 0. */
  part: number;
  /** Temporal's attempt, from 1. */
  attempt: number;
}
