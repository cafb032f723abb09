import { describe, expect, it } from 'vitest';
import type { GoogleFailure } from '../../../../services/google/google-failure.ts';
import { delayMs, toActivityFailure } from '../../../../services/google/to-activity-failure.ts';
import { FailureType } from '../../../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../../../contracts/retry-table.ts';

const failed = (type: FailureType, more: Partial<GoogleFailure> = {}): GoogleFailure => ({
  type,
  status: 500,
  reason: null,
  ...more,
});

describe('the backoff', () => {
  it.each([
    [1, 0, 1_000],
    [1, 0.5, 1_500],
    [2, 0, 2_000],
    [6, 0, 32_000],
    [7, 0.9, 64_000],
    [2_000, 0.5, 64_000],
  ])('of attempt %i with jitter %d is %i ms', (attempt, random, expected) => {
    const { delay } = RETRY_TABLE[FailureType.googleUnavailable];
    expect(delay && delayMs(delay, attempt, random)).toBe(expected);
  });
});

describe.each([FailureType.googleRateLimited, FailureType.googleUnavailable])('%s', (type) => {
  it('waits as long as Google asks for', () => {
    expect(toActivityFailure(failed(type, { retryAfterMs: 7_000 }), 1)).toMatchObject({
      type,
      nonRetryable: false,
      nextRetryDelay: 7_000,
    });
  });

  it.each([undefined, 0])('backs off where Google asks for %s ms', (retryAfterMs) => {
    const google = failed(type, retryAfterMs === undefined ? {} : { retryAfterMs });
    const { nextRetryDelay } = toActivityFailure(google, 3);
    expect(nextRetryDelay).toBeGreaterThanOrEqual(4_000);
    expect(nextRetryDelay).toBeLessThanOrEqual(5_000);
  });
});

it('gives up on a calendar that is not found after three spaced tries', () => {
  const tries = [1, 2, 3].map((attempt) => toActivityFailure(failed(FailureType.googleNotFound), attempt));
  expect(tries.map(({ nonRetryable }) => nonRetryable)).toEqual([false, false, true]);
  expect(tries.slice(0, 2).map(({ nextRetryDelay }) => nextRetryDelay)).toEqual([5_000, 10_000]);
});

it.each([
  FailureType.googleAuthRevoked,
  FailureType.googleClientRejected,
  FailureType.googleForbidden,
  FailureType.googleBadRequest,
])('never retries %s', (type) => {
  expect(toActivityFailure(failed(type), 1)).toMatchObject({ type, nonRetryable: true });
});

it('names the grant that was revoked, without telling anything of it', () => {
  const revoked = failed(FailureType.googleAuthRevoked);
  const sealed = [1, 2].map((byte) => ({ refreshToken: new Uint8Array([byte, 7, 7]) }));
  const details = sealed.map((grant) => toActivityFailure(revoked, 1, grant).details);
  expect(details[0]).toEqual([{ grant: expect.stringMatching(/^[0-9a-f]{16}$/) }]);
  expect(details[0]).not.toEqual(details[1]);
  expect(toActivityFailure(revoked, 1).details ?? []).toEqual([]);
});

it('retries an answer that is not what Google documents', () => {
  expect(toActivityFailure(failed(FailureType.googleMalformedAnswer), 1)).toMatchObject({
    nonRetryable: false,
  });
});

it('says status and reason, and nothing else', () => {
  const { message } = toActivityFailure(
    failed(FailureType.googleForbidden, { status: 403, reason: 'forbidden' }),
    1,
  );
  expect(message).toBe('Google answered 403 (forbidden).');
  expect(toActivityFailure(failed(FailureType.googleUnavailable, { status: null }), 1).message).toBe(
    'Google answered nothing.',
  );
});
