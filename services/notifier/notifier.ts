import type { FailureType } from '../../contracts/failure-types.ts';

/** A dead letter as it is announced: IDs, failure type and counts; never titles, addresses or tokens. */
export interface Notice {
  id: string;
  /** Null: the failure concerns the whole installation. */
  workspaceId: string | null;
  /** Null: the failure concerns an account or the workspace. */
  calendarId: string | null;
  accountId: string | null;
  operation: string;
  failureType: FailureType;
  attempts: number;
  workflowId: string;
  runId: string;
  correlationId: string | null;
  firstFailedAt: Date;
}

/** One message: the dead letters that it lists, and the number of others. */
export interface NoticeMessage {
  notices: Notice[];
  more: number;
}

/**
 * Announces dead letters. An error other than `NoticeRefusedError` leaves open whether the message was
 * delivered.
 */
export interface Notifier {
  /** @throws NoticeRefusedError when the message was certainly not delivered. */
  send(message: NoticeMessage): Promise<void>;
}

/**
 * The message was not accepted and may be sent again. Any other error leaves open whether it was delivered.
 */
export class NoticeRefusedError extends Error {
  override readonly name = 'NoticeRefusedError';
  /** A status or a code; never the address, which is a secret for chat webhooks. */
  readonly reason: string;
  /** The receiver wants no message ever again. */
  readonly isGone: boolean;
  /** Time that the receiver asks for before the next attempt; 0: none. */
  readonly retryAfterSeconds: number;

  constructor(reason: string, { isGone = false, retryAfterSeconds = 0 } = {}) {
    super(`The notice was refused (${reason}).`);
    this.reason = reason;
    this.isGone = isGone;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}
