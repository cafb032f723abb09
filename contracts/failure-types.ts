/**
 * Failure types: `ApplicationFailure.type` of everything Almanac throws through Temporal, and the `error` of a
 * calendar's result. Stable: alerts, retry policies and dead letters match on them.
 */
export const FailureType = {
  /** The input names a field that is missing or malformed. Start again with a valid one. */
  invalidInput: 'InvalidInput',
  /** No workspace has this ID. `almanac workspace create` makes one. */
  workspaceNotFound: 'WorkspaceNotFound',
  /** Google no longer accepts the grant. The account has to be connected again. */
  googleAuthRevoked: 'GoogleAuthRevoked',
  /** Google does not know our OAuth client. Check GOOGLE_CLIENT_ID and GOOGLE_CLIENT_SECRET. */
  googleClientRejected: 'GoogleClientRejected',
  /** Google refused the call for lack of permission. Connect the account again with the scopes it asks for. */
  googleForbidden: 'GoogleForbidden',
  /** Google does not know the calendar, or no longer shows it to this account. */
  googleNotFound: 'GoogleNotFound',
  /** Google rejected the request as malformed: a defect here, worth a report. */
  googleBadRequest: 'GoogleBadRequest',
  /** A quota is used up. Retried after the time Google names. */
  googleRateLimited: 'GoogleRateLimited',
  /** Google or the network failed. Retried. */
  googleUnavailable: 'GoogleUnavailable',
  /** Google's answer has not the documented shape. Retried: proxies and front-ends send such answers in outages. */
  googleMalformedAnswer: 'GoogleMalformedAnswer',
  /** Postgres is away or too busy. Retried. */
  databaseUnavailable: 'DatabaseUnavailable',
  /** An activity ran longer than it may. Retried. */
  timedOut: 'TimedOut',
  /** A defect here, worth a report; the worker's log has the details. Retried. */
  internal: 'InternalError',
  /** Another attempt or run has taken over this calendar. It commits, this one does not. */
  fenced: 'Fenced',
  /** A stored token cannot be decrypted with the configured keys. */
  tokenUndecryptable: 'TokenUndecryptable',
} as const;
export type FailureType = (typeof FailureType)[keyof typeof FailureType];

/** Retrying cannot help these: somebody has to act. */
export const NON_RETRYABLE_FAILURES: readonly FailureType[] = [
  FailureType.invalidInput,
  FailureType.workspaceNotFound,
  FailureType.googleAuthRevoked,
  FailureType.googleClientRejected,
  FailureType.googleForbidden,
  FailureType.googleBadRequest,
  FailureType.tokenUndecryptable,
  FailureType.fenced,
];
