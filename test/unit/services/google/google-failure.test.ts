import { describe, expect, it } from 'vitest';
import { classifyGoogleError, GoogleCallError } from '../../../../services/google/google-failure.ts';
import { FailureType } from '../../../../contracts/failure-types.ts';

const NOW = Date.parse('2026-01-05T09:00:00Z');

/** An answer of the Calendar API as the Google client throws it. */
function apiError(status: number, reason: string, headers: Record<string, string> = {}) {
  const errors = [{ domain: 'global', reason, message: 'Some words.' }];
  const data = { error: { errors, code: status, message: 'Some words.' } };
  return Object.assign(new Error('Some words.'), {
    code: status,
    status,
    response: { status, data, headers: new Headers(headers) },
  });
}

/** An answer of the token endpoint: its `error` is a string. */
function tokenError(status: number, error: string) {
  const data = { error, error_description: 'Token has been expired or revoked.' };
  return Object.assign(new Error(error), {
    code: status,
    status,
    response: { status, data, headers: new Headers() },
    config: { data: new URLSearchParams({ refresh_token: '1//secret' }) },
  });
}

describe('an answer of the Calendar API', () => {
  it.each([
    [400, 'timeRangeEmpty', FailureType.googleBadRequest],
    [400, 'invalid', FailureType.googleBadRequest],
    [400, 'required', FailureType.googleBadRequest],
    [400, 'badRequest', FailureType.googleBadRequest],
    [400, 'parseError', FailureType.googleBadRequest],
    [401, 'authError', FailureType.googleTokenRefused],
    [401, 'invalid_grant', FailureType.googleTokenRefused],
    [403, 'userRateLimitExceeded', FailureType.googleRateLimited],
    [403, 'rateLimitExceeded', FailureType.googleRateLimited],
    [429, 'rateLimitExceeded', FailureType.googleRateLimited],
    [429, 'somethingNew', FailureType.googleRateLimited],
    [403, 'quotaExceeded', FailureType.googleRateLimited],
    [403, 'dailyLimitExceeded', FailureType.googleRateLimited],
    [403, 'forbiddenForNonOrganizer', FailureType.googleForbidden],
    [403, 'insufficientPermissions', FailureType.googleForbidden],
    [403, 'forbidden', FailureType.googleForbidden],
    [403, 'requiredAccessLevel', FailureType.googleForbidden],
    [403, 'notACalendarUser', FailureType.googleForbidden],
    [404, 'notFound', FailureType.googleNotFound],
    [408, 'requestTimeout', FailureType.googleUnavailable],
    [409, 'duplicate', FailureType.googleBadRequest],
    [410, 'fullSyncRequired', FailureType.googleBadRequest],
    [410, 'updatedMinTooLongAgo', FailureType.googleBadRequest],
    [412, 'conditionNotMet', FailureType.googleBadRequest],
    [500, 'backendError', FailureType.googleUnavailable],
    [502, 'backendError', FailureType.googleUnavailable],
    [503, 'backendError', FailureType.googleUnavailable],
    [504, 'backendError', FailureType.googleUnavailable],
  ])('%i %s is %s', (status, reason, type) => {
    expect(classifyGoogleError(apiError(status, reason), NOW, 'calendar-api')).toMatchObject({
      type,
      status,
      reason,
    });
  });

  it('is read in the newer style, where `status` stands for the reason', () => {
    const response = { status: 403, data: { error: { code: 403, status: 'RESOURCE_EXHAUSTED' } } };
    expect(classifyGoogleError({ response }, NOW, 'calendar-api')).toEqual({
      type: FailureType.googleRateLimited,
      status: 403,
      reason: 'RESOURCE_EXHAUSTED',
      scope: 'user',
    });
  });

  it.each([
    ['HTML', '<html>Bad Gateway</html>'],
    ['nothing', undefined],
    ['null', null],
    ['an error without words', { error: null }],
    ['errors that are none', { error: { errors: [null] } }],
  ])('may have %s for a body', (_what, data) => {
    const error = { code: 502, response: { status: 502, data, headers: new Headers() } };
    expect(classifyGoogleError(error, NOW, 'calendar-api')).toEqual({
      type: FailureType.googleUnavailable,
      status: 502,
      reason: null,
    });
  });
});

describe('an answer of the token endpoint', () => {
  it.each([
    [400, 'invalid_grant', FailureType.googleAuthRevoked],
    [401, 'invalid_client', FailureType.googleClientRejected],
    [400, 'unauthorized_client', FailureType.googleClientRejected],
    [401, 'deleted_client', FailureType.googleClientRejected],
    [401, 'disabled_client', FailureType.googleClientRejected],
    [400, 'invalid_request', FailureType.googleBadRequest],
    [400, 'temporarily_unavailable', FailureType.googleUnavailable],
    [400, 'something_new', FailureType.googleUnavailable],
    [401, 'something_new', FailureType.googleUnavailable],
    [403, 'access_denied', FailureType.googleUnavailable],
    [403, 'org_internal', FailureType.googleClientRejected],
    [429, 'rate_limit_exceeded', FailureType.googleRateLimited],
    [500, 'internal_failure', FailureType.googleUnavailable],
    [503, 'temporarily_unavailable', FailureType.googleUnavailable],
  ])('%i %s is %s', (status, reason, type) => {
    expect(classifyGoogleError(tokenError(status, reason), NOW, 'token-endpoint')).toMatchObject({
      type,
      status,
      reason,
    });
  });

  it.each([404, 409, 410, 412])('%i is no outcome of the call that the token was for', (status) => {
    expect(classifyGoogleError(tokenError(status, 'gone'), NOW, 'token-endpoint')).toMatchObject({
      type: FailureType.googleUnavailable,
      status: null,
      reason: `tokenEndpoint${status}`,
    });
  });

  it.each([400, 401, 403])('%i without a body disconnects no account', (status) => {
    const error = { response: { status, data: '' } };
    expect(classifyGoogleError(error, NOW, 'token-endpoint').type).toBe(FailureType.googleUnavailable);
  });

  it('keeps a refresh token to itself, which the thrown error holds', () => {
    const failure = classifyGoogleError(tokenError(400, 'invalid_grant'), NOW, 'token-endpoint');
    expect(JSON.stringify([failure, new GoogleCallError(failure).message])).not.toContain('secret');
  });
});

describe('no answer', () => {
  it.each([
    ['a refused connection', { code: 'ECONNREFUSED' }],
    ['a timeout', Object.assign(new Error('The operation was aborted.'), { cause: { name: 'AbortError' } })],
    ['an error that is none', undefined],
    ['null', null],
  ])('as after %s is unavailability', (_what, thrown) => {
    expect(classifyGoogleError(thrown, NOW, 'calendar-api')).toEqual({
      type: FailureType.googleUnavailable,
      status: null,
      reason: null,
    });
  });
});

describe('a reason', () => {
  it.each(['ada@example.com is over quota', 'Bearer ya29.secret', 'x'.repeat(65), '', 42])(
    'that is no identifier is not kept: %j',
    (reason) => {
      const failure = classifyGoogleError(apiError(400, reason as string), NOW, 'calendar-api');
      expect(failure.reason).toBeNull();
      expect(classifyGoogleError(tokenError(400, reason as string), NOW, 'token-endpoint').reason).toBeNull();
    },
  );

  it('may have dots, as those of push notifications', () => {
    expect(
      classifyGoogleError(apiError(401, 'push.webhookUrlUnauthorized'), NOW, 'calendar-api').reason,
    ).toBe('push.webhookUrlUnauthorized');
  });
});

describe('a rate limit', () => {
  it.each([
    [403, 'userRateLimitExceeded', 'user'],
    [403, 'rateLimitExceeded', 'user'],
    [429, 'somethingNew', 'user'],
    [403, 'dailyLimitExceeded', 'project'],
    [403, 'quotaExceeded', 'writes'],
  ])('%i %s is about the %s', (status, reason, scope) => {
    expect(classifyGoogleError(apiError(status, reason), NOW, 'calendar-api').scope).toBe(scope);
  });

  it.each([
    ['defaultPerMinutePerProject', 'project'],
    ['defaultPerMinutePerProjectPerUser', 'user'],
    ['defaultPerMinutePerUser', 'user'],
    [42, 'user'],
  ])('that names %j is about the %s', (limit, scope) => {
    const error = apiError(403, 'rateLimitExceeded');
    const details = [null, { metadata: { quota_limit: limit } }];
    Object.assign(error.response.data.error, { details });
    expect(classifyGoogleError(error, NOW, 'calendar-api').scope).toBe(scope);
  });

  it('is the only failure that has a scope', () => {
    expect(classifyGoogleError(apiError(403, 'forbidden'), NOW, 'calendar-api')).not.toHaveProperty('scope');
  });
});

describe('Retry-After', () => {
  it.each([
    ['7', 7_000],
    ['0', 0],
    ['Mon, 05 Jan 2026 09:00:30 GMT', 30_000],
    ['Mon, 05 Jan 2026 08:00:00 GMT', 0],
    ['86400', 3_600_000],
    ['soon', undefined],
    ['', undefined],
  ])('%j gives %s ms', (header, retryAfterMs) => {
    const failure = classifyGoogleError(
      apiError(429, 'rateLimitExceeded', { 'retry-after': header }),
      NOW,
      'calendar-api',
    );
    expect(failure.retryAfterMs).toBe(retryAfterMs);
  });

  it.each([200, -200])(
    'counts from the time of Google’s answer where our clock is off by %i days',
    (days) => {
      const headers = {
        date: 'Mon, 05 Jan 2026 09:00:00 GMT',
        'retry-after': 'Mon, 05 Jan 2026 09:00:30 GMT',
      };
      const now = Date.parse('2026-01-05T09:00:00Z') + days * 86_400_000;
      const failure = classifyGoogleError(apiError(429, 'rateLimitExceeded', headers), now, 'calendar-api');
      expect(failure.retryAfterMs).toBe(30_000);
    },
  );
});
