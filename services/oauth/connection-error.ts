import { DomainError, ErrorCode } from '../errors.ts';

/** Why an account was not connected. Nothing was changed: a grant that was there before is still there. */
export const ConnectionRefusal = {
  /** The state was not made here, or was altered. */
  stateForged: 'state-forged',
  stateExpired: 'state-expired',
  /** The state has served, or was dropped. */
  stateUsed: 'state-used',
  /** The state was made for another workspace or another caller. */
  stateForeign: 'state-foreign',
  /** The user said no. */
  denied: 'denied',
  /** Google does not take the code: it has served, or belongs to another sign-in. */
  codeRefused: 'code-refused',
  scopeMissing: 'scope-missing',
  /** Another account than the one to be connected again. */
  otherAccount: 'other-account',
  /** Our OAuth client, or its redirect URI, is not known to Google. */
  clientRejected: 'client-rejected',
  /** Google did not answer, or with something else than it documents. */
  googleFailed: 'google-failed',
} as const;
export type ConnectionRefusal = (typeof ConnectionRefusal)[keyof typeof ConnectionRefusal];

/** Refusals that are the fault of the installation, or of Google. */
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
