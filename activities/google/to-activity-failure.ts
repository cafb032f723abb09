import type { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import type { GoogleFailure } from './google-failure.ts';

/** Google: truncated exponential backoff, `min(2^n s + random(0…1 s), 64 s)`. */
const LONGEST_BACKOFF_MS = 64_000;
const JITTER_MS = 1_000;
/** A calendar that has just been made or shared answers 404 for a moment; after these tries it is gone. */
const NOT_FOUND_TRIES = 3;
const NOT_FOUND_SPACING_MS = 5_000;

export function backoffMs(attempt: number, random: number): number {
  return Math.min(2 ** (attempt - 1) * 1_000 + random * JITTER_MS, LONGEST_BACKOFF_MS);
}

/** The failure that makes Temporal do what a failed call to Google asks for. */
export function toActivityFailure(google: GoogleFailure, attempt: number): ApplicationFailure {
  const { type, status, reason, retryAfterMs } = google;
  const message = `Google answered ${status ?? 'nothing'}${reason === null ? '' : ` (${reason})`}.`;
  switch (type) {
    case FailureType.googleRateLimited:
    case FailureType.googleUnavailable:
      // Zero, or a date that has passed, names no time: without a backoff it would be a hot loop.
      return failure(type, message, { retryAfterMs: retryAfterMs || backoffMs(attempt, Math.random()) });
    case FailureType.googleNotFound:
      return failure(type, message, {
        nonRetryable: attempt >= NOT_FOUND_TRIES,
        retryAfterMs: attempt * NOT_FOUND_SPACING_MS,
      });
    default:
      return failure(type, message);
  }
}
