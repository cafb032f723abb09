import { DomainError, ErrorCode } from '../errors.ts';

/** Reason why an account was not connected. Nothing was changed: an earlier grant is still stored. */
export const ConnectionRefusal = {
  /** The state was issued elsewhere, or altered. */
  stateForged: 'state-forged',
  stateExpired: 'state-expired',
  /** The state was already used, or deleted. */
  stateUsed: 'state-used',
  /** The state was issued for another workspace or caller. */
  stateForeign: 'state-foreign',
  /** The user refused. */
  denied: 'denied',
  /** Google rejects the code: it was already used, or belongs to another sign-in. */
  codeRefused: 'code-refused',
  scopeMissing: 'scope-missing',
  /** The account is not the one to be connected again. */
  otherAccount: 'other-account',
  /** Google does not know our OAuth client or its redirect URI. */
  clientRejected: 'client-rejected',
  /** Google did not answer, or its answer does not match its documentation. */
  googleFailed: 'google-failed',
} as const;
export type ConnectionRefusal = (typeof ConnectionRefusal)[keyof typeof ConnectionRefusal];

/** Refusals caused by the installation or by Google. */
const NOT_THE_CALLERS: readonly ConnectionRefusal[] = [
  ConnectionRefusal.clientRejected,
  ConnectionRefusal.googleFailed,
];

/** An account was not connected. The message says what to do. */
export class ConnectionError extends DomainError {
  readonly code: ErrorCode;
  readonly reason: ConnectionRefusal;

  constructor(reason: ConnectionRefusal, message: string) {
    super(message);
    this.code = NOT_THE_CALLERS.includes(reason) ? ErrorCode.connectionFailed : ErrorCode.connectionRefused;
    this.reason = reason;
  }
}
