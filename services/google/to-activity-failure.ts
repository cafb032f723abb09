import type { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../../contracts/failure-types.ts';
import { RETRY_TABLE, type RetryDelay } from '../../contracts/retry-table.ts';
import { failure } from '../failures.ts';
import { grantFingerprint } from './grant-fingerprint.ts';
import { describeGoogleFailure, type GoogleFailure } from './google-failure.ts';

/**
 * Delay before the next attempt, in milliseconds.
 * @param random a number from 0 to 1, for the jitter
 */
export function delayMs(delay: RetryDelay, attempt: number, random: number): number {
  if (delay.kind === 'growing') return delay.stepMs * attempt;
  return Math.min(delay.firstMs * 2 ** (attempt - 1) + random * delay.jitterMs, delay.longestMs);
}

/**
 * Converts a failed call to Google into the failure that makes Temporal follow the retry table.
 * @param grant the grant used; a revocation names its fingerprint, so that it is not applied to a newer
 *   grant
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
  // A delay of zero, or a date in the past, is ignored: it would cause a hot loop.
  const named = delay.kind === 'doubling' ? retryAfterMs : undefined;
  return failure(type, message, {
    retryAfterMs: named || delayMs(delay, attempt, Math.random()),
    ...(tries === undefined ? {} : { nonRetryable: attempt >= tries }),
  });
}
