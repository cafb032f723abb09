import type { NoticeKind } from '../../contracts/notices.ts';

/** What a message is about: notices of one kind, or a test. */
export type MessageTopic = NoticeKind | 'test' | 'confirmation';

/**
 * A message to a notifier: IDs, failure types and counts; never addresses or tokens. Lines, and a report on
 * a workspace altogether, may hold titles if the notifier belongs to their workspace.
 */
export interface Message {
  /** UUID, the same at every attempt, so that a receiver recognises a repetition. */
  id: string;
  topic: MessageTopic;
  /** First line of the text, subject of an e-mail. */
  headline: string;
  /** The other lines. */
  lines: string[];
  /** Document for mail programs, beside the text. Absent: none. */
  html?: string;
  /** For programs: `data` of a signed webhook. */
  data: object;
  /** Time of the attempt, by Postgres's clock. */
  at: Date;
}
