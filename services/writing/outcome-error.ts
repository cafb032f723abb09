import type { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { WriteRefusal } from '../../contracts/writing.ts';
import {
  ChangedMeanwhileError,
  type DomainError,
  ForbiddenError,
  NotFoundError,
  WriteFailedError,
  WriteRefusedError,
} from '../errors.ts';
import type { WriteOutcome } from './read-writes.ts';

const SENTENCES: Record<WriteRefusal, string> = {
  gone: 'The event no longer exists in Google.',
  changed: 'The event has changed since it was read: read it again.',
  'not-organizer': 'Only the organizer of the event may change that.',
  'not-invited': 'The account is not among the guests of the event, so it has nothing to answer.',
  forbidden: 'Google does not permit the account to do that.',
  rejected: 'Google does not accept the content of the event.',
  'no-such-occurrence': 'The series has no such occurrence any more: read it again.',
  'rule-needed': 'The series would fall on other days than its rule names: give recurrence as well.',
};

/** The error for a caller of a single write; null: it was made, or is in progress. */
export function outcomeError({
  status,
  refusal,
  error,
  reason,
  currentEtag,
}: WriteOutcome): DomainError | null {
  if (status === 'failed') {
    const advice = error === undefined ? '' : ` ${RETRY_TABLE[error as FailureType].advice}`;
    return new WriteFailedError(
      `The write was given up (${error ?? 'unknown'}) and may have been made: read the event before you repeat it.${advice}`,
    );
  }
  if (status !== 'refused' || refusal === undefined) return null;
  const sentence = reason === undefined ? SENTENCES[refusal] : `${SENTENCES[refusal]} (${reason})`;
  switch (refusal) {
    case 'gone':
      return new NotFoundError(sentence);
    case 'changed':
      return new ChangedMeanwhileError(sentence, currentEtag ?? null);
    case 'not-organizer':
    case 'forbidden':
      return new ForbiddenError(sentence);
    case 'not-invited':
    case 'rejected':
    case 'no-such-occurrence':
    case 'rule-needed':
      return new WriteRefusedError(sentence);
  }
}
