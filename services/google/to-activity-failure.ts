import type { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE, type RetryDelay } from '../../contracts/retry-table.ts';
import { failure } from '../failures.ts';
import { grantFingerprint } from './grant-fingerprint.ts';
import { describeGoogleFailure, type GoogleFailure } from './google-failure.ts';

/** `random` is from 0 to 1. */
export function delayMs(delay: RetryDelay, attempt: number, random: number): number {
  if (delay.kind === 'growing') return delay.stepMs * attempt;
  return Math.min(delay.firstMs * 2 ** (attempt - 1) + random * delay.jitterMs, delay.longestMs);
}

/**
 * The failure that makes Temporal do what the retry table says of a failed call to Google.
 * @param grant what the call was made with: a revocation names it, so that it is not held against a newer grant
 */
export function toActivityFailure(
  google: GoogleFailure,
  attempt: number,
  grant?: { refreshToken: Uint8Array },
): ApplicationFailure {
  const { type, retryAfterMs } = google;
  const { delay, tries } = RETRY_TABLE[type];
  const message = describeGoogleFailure(google);
  if (type === FailureType.googleAuthRevoked) {
    return failure(type, message, grant && { details: { grant: grantFingerprint(grant.refreshToken) } });
  }
  if (delay === undefined) return failure(type, message);
  // Zero, or a date that has passed, names no time: without a backoff it would be a hot loop.
  const named = delay.kind === 'doubling' ? retryAfterMs : undefined;
  return failure(type, message, {
    retryAfterMs: named || delayMs(delay, attempt, Math.random()),
    ...(tries === undefined ? {} : { nonRetryable: attempt >= tries }),
  });
}
