import { FailureType } from './failure-types.ts';

/**
 * The retry table, in two halves. `GOOGLE_CAUSES` maps answers of Google, and missing answers, to failure
 * types (`prisma/failure-kind.ts` does so for Postgres); `RETRY_TABLE` says how each failure type is handled.
 * Retry policies, delays, dead letters and their advice are derived from here.
 */

/** What Google throttles: an account, the whole project, or only an account's writes. */
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
  // A defect of Almanac.
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

  // Other refusals by the token endpoint, or by a proxy in front of it, concern no grant and no calendar.
  { from: 'token-endpoint', status: CLIENT_ERRORS, type: FailureType.googleUnavailable },

  // Reported only after a refreshed access token was refused as well. It does not mean revoked consent: only
  // the token endpoint reports that.
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
  // insufficientPermissions, forbidden, requiredAccessLevel, forbiddenForNonOrganizer, notACalendarUser and
  // others.
  { status: only(403), type: FailureType.googleForbidden },
  { status: only(404), type: FailureType.googleNotFound },
  // 400, and 409 duplicate, 410 and 412 conditionNotMet. The expected ones (an expired sync token, a deleted
  // event) never get here: the caller turns them into an outcome first.
  { status: CLIENT_ERRORS, type: FailureType.googleBadRequest },
  // A 200 whose body is truncated, or differs from what Google documents.
  { type: FailureType.googleMalformedAnswer },
];

export type RetryDelay =
  /** `min(firstMs × 2^(attempt - 1) + random(0…jitterMs), longestMs)`, unless Google names a time. */
  | { kind: 'doubling'; firstMs: number; longestMs: number; jitterMs: number }
  /** `stepMs × attempt`. */
  | { kind: 'growing'; stepMs: number };

export interface RetryRule {
  /**
   * `retry`: retried until the activity times out, then by the next tick. `wait`: the same, but not before
   * the time that Google or the quota names. `give-up`: retrying cannot help, the operator must act.
   * `reconnect`: retrying cannot help, the account's owner must act.
   */
  action: 'retry' | 'wait' | 'give-up' | 'reconnect';
  /** Delay before the next attempt. Default: the activity's retry policy, 1 s doubling to 1 min. */
  delay?: RetryDelay;
  /** Maximum attempts. Default: limited only by the activity's timeout. */
  tries?: number;
  /**
   * Subject of the dead letter that remains when retries fail: `none`, the calendar, the account, or
   * `installation` for failures that are the same in every workspace; or the `webhooks` of a workspace.
   */
  deadLetter: 'calendar' | 'account' | 'installation' | 'webhooks' | 'none';
  /** What to do, in sentences for the operator. */
  advice: string;
}

/** Google's own advice for its API: truncated exponential backoff. */
const BACKOFF: RetryDelay = { kind: 'doubling', firstMs: 1_000, longestMs: 64_000, jitterMs: 1_000 };

export const RETRY_TABLE: Readonly<Record<FailureType, RetryRule>> = {
  [FailureType.googleAuthRevoked]: {
    action: 'reconnect',
    deadLetter: 'account',
    advice: 'Connect the account again: Google no longer accepts its grant.',
  },
  [FailureType.googleForbidden]: {
    action: 'give-up',
    deadLetter: 'calendar',
    advice:
      'Share the calendar with the account again, or disable it. If all its calendars fail, connect the account again with every scope.',
  },
  [FailureType.googleNotFound]: {
    action: 'retry',
    // A calendar that was just created or shared answers 404 for a moment; after these attempts it is gone.
    delay: { kind: 'growing', stepMs: 5_000 },
    tries: 3,
    deadLetter: 'calendar',
    advice: 'Share the calendar with the account again, or disable it.',
  },
  [FailureType.googleRateLimited]: {
    action: 'wait',
    delay: BACKOFF,
    deadLetter: 'calendar',
    advice:
      'Nothing, if it happened once. If it lasts, set the quotas to what the Cloud console shows, or ask Google for more.',
  },
  [FailureType.googleUnavailable]: {
    action: 'retry',
    delay: BACKOFF,
    deadLetter: 'calendar',
    advice:
      'Nothing: the next tick tries again. If it lasts, check the connection to Google and its status page.',
  },
  [FailureType.googleMalformedAnswer]: {
    action: 'retry',
    deadLetter: 'calendar',
    advice:
      'Nothing: the next tick tries again. If it lasts, look for a proxy that answers in place of Google.',
  },
  [FailureType.googleListIncomplete]: {
    action: 'retry',
    deadLetter: 'account',
    advice:
      'Nothing: no calendar is deleted, and the list is read again every few minutes. If it lasts, check whether the account still has Google Calendar, and look for a proxy that changes answers.',
  },
  [FailureType.googleTokenRefused]: {
    action: 'retry',
    delay: BACKOFF,
    deadLetter: 'calendar',
    advice:
      'Nothing: the consent is still valid, and the next tick tries again. If it lasts, check the status page of Google, and look for a proxy that strips headers.',
  },
  [FailureType.googleClientRejected]: {
    action: 'give-up',
    deadLetter: 'installation',
    advice: 'Correct GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET, and restart the workers.',
  },
  [FailureType.googleBadRequest]: {
    action: 'give-up',
    deadLetter: 'calendar',
    advice: 'Report a defect of Almanac, with what the log of the worker says.',
  },
  [FailureType.databaseUnavailable]: {
    action: 'retry',
    // No calendar is at fault: each is synced as soon as Postgres is back.
    deadLetter: 'none',
    advice:
      'Postgres was unreachable, read-only, full or too busy: the doctor says which. The next tick tries again.',
  },
  [FailureType.timedOut]: {
    action: 'retry',
    deadLetter: 'calendar',
    advice:
      'Nothing: the next tick tries again. If it lasts, look for overloaded workers or an overloaded Postgres.',
  },
  [FailureType.tokenUndecryptable]: {
    action: 'give-up',
    deadLetter: 'installation',
    advice: 'Put the key that sealed the token back into TOKEN_ENCRYPTION_KEY, or connect the account again.',
  },
  [FailureType.webhookFailed]: {
    action: 'retry',
    deadLetter: 'webhooks',
    advice:
      'List the webhooks: a paused one says what its receiver answered. Resume it when the receiver answers again; nothing is missed.',
  },
  [FailureType.webhookGone]: {
    action: 'give-up',
    deadLetter: 'webhooks',
    advice:
      'Delete the paused webhook, or give it another URL and resume it: its receiver wants no more deliveries.',
  },
  [FailureType.webhookBehind]: {
    action: 'give-up',
    deadLetter: 'webhooks',
    advice: 'Replay the paused webhook from 0: it was paused for longer than the change log keeps changes.',
  },
  [FailureType.internal]: {
    action: 'retry',
    deadLetter: 'calendar',
    advice: 'Report a defect of Almanac, with what the log of the worker says.',
  },
  [FailureType.invalidInput]: {
    action: 'give-up',
    deadLetter: 'none',
    advice: 'Start again with a valid input.',
  },
  [FailureType.workspaceNotFound]: {
    action: 'give-up',
    deadLetter: 'none',
    advice: 'Create the workspace.',
  },
  [FailureType.workspacePaused]: {
    action: 'give-up',
    deadLetter: 'none',
    advice: 'Resume the workspace.',
  },
  [FailureType.fenced]: {
    action: 'give-up',
    deadLetter: 'none',
    advice: 'Nothing: another run has taken over the calendar.',
  },
};

/** Failure types that Temporal must not retry. */
export const NON_RETRYABLE_FAILURES: readonly FailureType[] = Object.values(FailureType).filter((type) =>
  ['give-up', 'reconnect'].includes(RETRY_TABLE[type].action),
);
