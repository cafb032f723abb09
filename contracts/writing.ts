import type { FailureType } from './failure-types.ts';

/** What a caller may do with an event. A `change` may also move it to another calendar. */
export const WRITE_OPERATIONS = ['create', 'change', 'delete', 'answer'] as const;
export type WriteOperation = (typeof WRITE_OPERATIONS)[number];

/** Occurrences of a series that a write is about: `this` one, it and the `following` ones, or `all`. */
export const SERIES_SCOPES = ['this', 'following', 'all'] as const;
export type SeriesScope = (typeof SERIES_SCOPES)[number];

/** Guests whom Google tells about a write by e-mail. */
export const SEND_UPDATES = ['all', 'externalOnly', 'none'] as const;

/** `sent`: Google may have done it. `refused`: nothing was changed; `failed`: Google could not be reached. */
export const WRITE_STATUSES = ['pending', 'sent', 'done', 'refused', 'failed'] as const;

/** Why a write was refused. */
export const WRITE_REFUSALS = [
  /** The event does not exist in Google, or no longer. */
  'gone',
  /** The event has another version than `ifMatch`. */
  'changed',
  /** Only the organizer may change what was to be changed. */
  'not-organizer',
  /** The account is not invited, so it has nothing to answer. */
  'not-invited',
  /** Google does not permit it to the account. */
  'forbidden',
  /** Google does not accept the content. */
  'rejected',
  /** The series has no such occurrence. */
  'no-such-occurrence',
  /** The series would have other days: a new rule has to be given. */
  'rule-needed',
] as const;
export type WriteRefusal = (typeof WRITE_REFUSALS)[number];

/** Input of `writeEvent`. The content is in the database, so that no history holds it. */
export interface WriteEventInput {
  workspaceId: string;
  /** The writes with this batch ID, which is also the end of the workflow ID. */
  batchId: string;
  correlationId?: string;
}

/** Result of `writeEvent`, and answer to its query `progress`. The outcome of each write is in the database. */
export interface WriteCounts {
  total: number;
  done: number;
  refused: number;
  failed: number;
}

/** Update that is answered when every write of the batch has its outcome. */
export const WRITES_SETTLED_UPDATE = 'settled';

export interface ApplyEventWritesResult extends WriteCounts {
  outcome: 'more' | 'done';
}

export interface FailEventWritesInput extends WriteEventInput {
  failureType: FailureType;
}
