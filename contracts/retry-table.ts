import { FailureType } from './failure-types.ts';

/**
 * The retry table, in two halves. `GOOGLE_CAUSES` says which failure an answer, or the lack of one, is (of Postgres,
 * `prisma/failure-kind.ts` does); `RETRY_TABLE` says what becomes of each failure. Retry policies, delays, dead
 * letters and their advice are derived from here.
 */

/** Whom Google slows down: an account, everybody in the project, or an account's writes (reading goes on). */
export type RateLimitScope = 'user' | 'project' | 'writes';

export interface GoogleCause {
  /** Default: either. */
  from?: 'calendar-api' | 'token-endpoint';
  /** HTTP statuses, first and last; null where no answer came. Default: any. */
  status?: readonly [number, number] | null;
  /** Google's `reason`, or the token endpoint's `error`. Default: any. */
  reasons?: readonly string[];
  type: FailureType;
  scope?: RateLimitScope;
}

const only = (status: number) => [status, status] as const;
const CLIENT_ERRORS = [400, 499] as const;
const SERVER_ERRORS = [500, 599] as const;

/** The first row that fits counts. */
export const GOOGLE_CAUSES: readonly GoogleCause[] = [
  { from: 'token-endpoint', reasons: ['invalid_grant'], type: FailureType.googleAuthRevoked },
  { from: 'token-endpoint', reasons: ['temporarily_unavailable'], type: FailureType.googleUnavailable },
  // About the client: none of these disconnects an account.
  {
    from: 'token-endpoint',
    reasons: ['invalid_client', 'unauthorized_client', 'deleted_client', 'disabled_client', 'org_internal'],
    type: FailureType.googleClientRejected,
  },
  // A defect here.
  {
    from: 'token-endpoint',
    status: only(400),
    reasons: ['invalid_request', 'invalid_scope', 'unsupported_grant_type'],
    type: FailureType.googleBadRequest,
  },

  // Refused and reset connections, time-outs, names that do not resolve.
  { status: null, type: FailureType.googleUnavailable },
  { status: SERVER_ERRORS, type: FailureType.googleUnavailable },
  { status: only(408), type: FailureType.googleUnavailable },
  { status: only(429), reasons: ['quotaExceeded'], type: FailureType.googleRateLimited, scope: 'writes' },
  {
    status: only(429),
    reasons: ['dailyLimitExceeded'],
    type: FailureType.googleRateLimited,
    scope: 'project',
  },
  { status: only(429), type: FailureType.googleRateLimited, scope: 'user' },

  // Any other refusal of the token endpoint, or of a proxy before it, is about no grant and no calendar.
  { from: 'token-endpoint', status: CLIENT_ERRORS, type: FailureType.googleUnavailable },

  // Only after a refreshed access token has been refused as well. That says nothing of the consent: only the token
  // endpoint knows of that.
  { status: only(401), type: FailureType.googleTokenRefused },
  { status: only(403), reasons: ['quotaExceeded'], type: FailureType.googleRateLimited, scope: 'writes' },
  {
    status: only(403),
    reasons: ['dailyLimitExceeded'],
    type: FailureType.googleRateLimited,
    scope: 'project',
  },
  {
    status: only(403),
    reasons: ['userRateLimitExceeded', 'rateLimitExceeded', 'RESOURCE_EXHAUSTED'],
    type: FailureType.googleRateLimited,
    scope: 'user',
  },
  // insufficientPermissions, forbidden, requiredAccessLevel, forbiddenForNonOrganizer, notACalendarUser and others.
  { status: only(403), type: FailureType.googleForbidden },
  { status: only(404), type: FailureType.googleNotFound },
  // 400, and 409 duplicate, 410 and 412 conditionNotMet: where they are no defect the caller takes them as an
  // outcome before they become a failure (a sync token that has expired, an event that is gone).
  { status: CLIENT_ERRORS, type: FailureType.googleBadRequest },
  // A 200 whose body is truncated, or not what Google documents.
  { type: FailureType.googleMalformedAnswer },
];

export type RetryDelay =
  /** `min(firstMs × 2^(attempt - 1) + random(0…jitterMs), longestMs)`, unless Google names the time. */
  | { kind: 'doubling'; firstMs: number; longestMs: number; jitterMs: number }
  /** `stepMs × attempt`. */
  | { kind: 'growing'; stepMs: number };

export interface RetryRule {
  /**
   * `retry`: tried again for as long as its activity has time, then with the next tick. `wait`: the same, but not
   * before the time that Google or the quota names. `give-up`: trying again cannot help, somebody has to act.
   * `reconnect`: the same, and it is the account's owner who has to.
   */
  action: 'retry' | 'wait' | 'give-up' | 'reconnect';
  /** Before the next try. Default: that of the activity's retry policy, 1 s doubling to 1 min. */
  delay?: RetryDelay;
  /** Tries after which it is given up. Default: as many as the activity has time for. */
  tries?: number;
  /**
   * What the failure leaves behind when it is not got past: `none`, or a dead letter on its calendar or account.
   * `installation`: one letter for all, for it is the same trouble in every workspace.
   */
  letter: 'calendar' | 'account' | 'installation' | 'none';
  /** What to do now, as a sentence for whoever runs Almanac. */
  advice: string;
}

/** Google's own advice for its API: truncated exponential backoff. */
const BACKOFF: RetryDelay = { kind: 'doubling', firstMs: 1_000, longestMs: 64_000, jitterMs: 1_000 };

export const RETRY_TABLE: Readonly<Record<FailureType, RetryRule>> = {
  [FailureType.googleAuthRevoked]: {
    action: 'reconnect',
    letter: 'account',
    advice: 'Connect the account again: Google no longer accepts its grant.',
  },
  [FailureType.googleForbidden]: {
    action: 'give-up',
    letter: 'calendar',
    advice:
      'Share the calendar with the account again, or disable it. If all its calendars fail, connect the account again with every scope.',
  },
  [FailureType.googleNotFound]: {
    action: 'retry',
    // A calendar that has just been made or shared answers 404 for a moment; after these tries it is gone.
    delay: { kind: 'growing', stepMs: 5_000 },
    tries: 3,
    letter: 'calendar',
    advice: 'Share the calendar with the account again, or disable it.',
  },
  [FailureType.googleRateLimited]: {
    action: 'wait',
    delay: BACKOFF,
    letter: 'calendar',
    advice:
      'Nothing, if it happened once. If it lasts, set the quotas to what the Cloud console shows, or ask Google for more.',
  },
  [FailureType.googleUnavailable]: {
    action: 'retry',
    delay: BACKOFF,
    letter: 'calendar',
    advice:
      'Nothing: the next tick tries again. If it lasts, look at the way to Google and at its status page.',
  },
  [FailureType.googleMalformedAnswer]: {
    action: 'retry',
    letter: 'calendar',
    advice:
      'Nothing: the next tick tries again. If it lasts, look for a proxy that answers in place of Google.',
  },
  [FailureType.googleListIncomplete]: {
    action: 'retry',
    letter: 'account',
    advice:
      'Nothing is deleted for it, and the list is read again every few minutes. If it lasts, look whether the account still has Google Calendar, and for a proxy that changes answers.',
  },
  [FailureType.googleTokenRefused]: {
    action: 'retry',
    delay: BACKOFF,
    letter: 'calendar',
    advice:
      'Nothing: the consent still stands, and the next tick tries again. If it lasts, look at the status page of Google and for a proxy that strips headers.',
  },
  [FailureType.googleClientRejected]: {
    action: 'give-up',
    letter: 'installation',
    advice: 'Correct GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, and restart the workers.',
  },
  [FailureType.googleBadRequest]: {
    action: 'give-up',
    letter: 'calendar',
    advice: 'Report a defect of Almanac, with what the log of the worker says.',
  },
  [FailureType.databaseUnavailable]: {
    action: 'retry',
    // No calendar's fault: it is synced as soon as Postgres is back.
    letter: 'none',
    advice:
      'Postgres was away, read-only, full or too busy: the doctor says which. The next tick tries again.',
  },
  [FailureType.timedOut]: {
    action: 'retry',
    letter: 'calendar',
    advice:
      'Nothing: the next tick tries again. If it lasts, look for workers or a Postgres that are overloaded.',
  },
  [FailureType.tokenUndecryptable]: {
    action: 'give-up',
    letter: 'installation',
    advice: 'Put the key that sealed the token back into TOKEN_ENCRYPTION_KEY, or connect the account again.',
  },
  [FailureType.internal]: {
    action: 'retry',
    letter: 'calendar',
    advice: 'Report a defect of Almanac, with what the log of the worker says.',
  },
  [FailureType.invalidInput]: {
    action: 'give-up',
    letter: 'none',
    advice: 'Start again with an input that is valid.',
  },
  [FailureType.workspaceNotFound]: {
    action: 'give-up',
    letter: 'none',
    advice: 'Create the workspace.',
  },
  [FailureType.fenced]: {
    action: 'give-up',
    letter: 'none',
    advice: 'Nothing: another run has taken the calendar over.',
  },
};

/** Trying these again cannot help. */
export const NON_RETRYABLE_FAILURES: readonly FailureType[] = Object.values(FailureType).filter((type) =>
  ['give-up', 'reconnect'].includes(RETRY_TABLE[type].action),
);
