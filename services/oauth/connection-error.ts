import { ClientError } from '../errors.ts';

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

/** An account was not connected. The message says what to do. */
export class ConnectionError extends ClientError {
  override readonly name = 'ConnectionError';
  readonly reason: ConnectionRefusal;

  constructor(reason: ConnectionRefusal, message: string) {
    super(message);
    this.reason = reason;
  }
}
