import type { FailureType } from '../../contracts/failure-types.ts';

/** A dead letter as somebody is told of it: IDs, failure type and counts; never titles, addresses or tokens. */
export interface Notice {
  id: string;
  /** Null: the trouble is the whole installation's. */
  workspaceId: string | null;
  /** Null: the trouble is its account's, or else its workspace's. */
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

/** One message: the letters that it names, and how many there are besides. */
export interface NoticeMessage {
  notices: Notice[];
  more: number;
}

/** Tells somebody of dead letters. Anything but a plain return leaves open whether the message has arrived. */
export interface Notifier {
  /** @throws NoticeRefusedError when it certainly has not. */
  send(message: NoticeMessage): Promise<void>;
}

/** The message was not accepted: it may be sent again. Any other error of a notifier says nothing of that kind. */
export class NoticeRefusedError extends Error {
  override readonly name = 'NoticeRefusedError';
  /** A status or a code; never the address, which is a secret where it belongs to a chat. */
  readonly reason: string;

  constructor(reason: string) {
    super(`The notice was refused (${reason}).`);
    this.reason = reason;
  }
}
