/**
 * Identifies the attempt that writes a part of a listing. A part holds the pages of one activity. A claim
 * takes a calendar for one attempt; a commit checks, in its own transaction, that no later attempt has
 * claimed it. So an attempt that timed out and wakes up later writes nothing.
 */
export interface Fence {
  calendarId: string;
  runId: string;
  /** Start of the run, by the clock of Temporal's server. */
  runStartedAt: Date;
  /** Number of the calendar's listing within this run. */
  listing: number;
  /** Number of the part within the listing, from 0. Column `fence_page`, which older workers write, too. */
  part: number;
  /** Number of Temporal's attempt, from 1. */
  attempt: number;
}
