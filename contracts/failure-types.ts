/**
 * Failure types: `ApplicationFailure.type` of everything Almanac throws through Temporal, and the `error` of
 * a calendar's result. Stable: alerts, retry policies and dead letters match on them. The retry table says
 * how each is handled.
 */
export const FailureType = {
  /** The input names a field that is missing or malformed. */
  invalidInput: 'InvalidInput',
  /** No workspace has this ID. */
  workspaceNotFound: 'WorkspaceNotFound',
  /** The workspace is paused. */
  workspacePaused: 'WorkspacePaused',
  /** Google no longer accepts the grant. */
  googleAuthRevoked: 'GoogleAuthRevoked',
  /** An account's calendar list has lacked its primary calendar, which cannot be removed, for an hour. */
  googleListIncomplete: 'GoogleListIncomplete',
  /** The Calendar API refuses access tokens that the token endpoint has just issued: a fault at Google. */
  googleTokenRefused: 'GoogleTokenRefused',
  /** Google does not know our OAuth client. */
  googleClientRejected: 'GoogleClientRejected',
  /** Google refused the call for lack of permission. */
  googleForbidden: 'GoogleForbidden',
  /** Google does not know the calendar, or no longer shows it to this account. */
  googleNotFound: 'GoogleNotFound',
  /** Google rejected the request as malformed: a defect of Almanac. */
  googleBadRequest: 'GoogleBadRequest',
  /** A quota is used up. */
  googleRateLimited: 'GoogleRateLimited',
  /** Google or the network failed. */
  googleUnavailable: 'GoogleUnavailable',
  /** Google's answer lacks the documented shape: proxies and front ends send such answers during outages. */
  googleMalformedAnswer: 'GoogleMalformedAnswer',
  /** Postgres is unreachable, read-only, full or too busy. */
  databaseUnavailable: 'DatabaseUnavailable',
  /** An activity exceeded its timeout. */
  timedOut: 'TimedOut',
  /** A defect of Almanac; the worker's log has the details. */
  internal: 'InternalError',
  /** Another attempt or run has taken over this calendar: only that one may commit. */
  fenced: 'Fenced',
  /** A stored token cannot be decrypted with the configured keys. */
  tokenUndecryptable: 'TokenUndecryptable',
  /** A receiver of deliveries has not accepted any for three days. */
  webhookFailed: 'WebhookFailed',
  /** A receiver of deliveries has answered 410. */
  webhookGone: 'WebhookGone',
  /** The change log no longer has what a receiver has to get next. */
  webhookBehind: 'WebhookBehind',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];
