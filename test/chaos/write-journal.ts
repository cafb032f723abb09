import type { WriteOperation, SeriesScope } from '../../contracts/writing.ts';

/** What a caller was told about a write. `untold`: its request was repeated until the end, without an answer. */
export type Told = 'done' | 'refused' | 'failed' | 'untold';

/** Mails of a kind that the guests of an event have to get for a write, at least and at most. */
type Count = readonly [least: number, most: number];
export type MailCounts = Partial<Record<'invitation' | 'update' | 'cancellation', Count>>;

/** One write as its caller knows it. */
export interface JournalEntry {
  /** Only guest of the event that it was about. */
  guest: string;
  operation: WriteOperation;
  series: SeriesScope | null;
  told: Told;
  mails: MailCounts;
}

/** An event, or a series, that nobody writes but callers of Almanac. */
export interface OwnedEvent {
  calendar: string;
  /** Only this event has it as a guest, and the continuations that were split off. */
  guest: string;
  /** Title of each occurrence by its start, as callers were told. Null: it is deleted. */
  occurrences: Map<string, string | null>;
  /** Starts of occurrences that have a title of their own. */
  exceptions: Set<string>;
  /** Answer of the calendar itself, where it is a guest. */
  response: string | null;
  /** Whether the calendar itself is a guest. */
  isInvited: boolean;
  /** Whether a caller was told `failed`, or nothing: from then on it may be either way. */
  isUncertain: boolean;
}

/** Mails that a write of an event with so many occurrences before it leads to, if it is made. */
export function mailsOf(
  operation: WriteOperation,
  series: SeriesScope | null,
  isFirst: boolean,
  tells: boolean,
): MailCounts {
  if (!tells) return {};
  const once: Count = [1, 1];
  const splits = series === 'following' && !isFirst;
  switch (operation) {
    case 'create':
      return { invitation: once };
    case 'change':
      return splits ? { invitation: once, update: once } : { update: once };
    case 'delete':
      return splits ? { update: once } : { cancellation: once };
    case 'answer':
      return {};
  }
}

/**
 * What guests may get for a write by what its caller was told. A refused split may have invited guests to the
 * continuation, and then it has told them that it does not take place.
 */
export function mailsIfTold(made: MailCounts, told: Told): MailCounts {
  if (told === 'done') return made;
  const kinds = Object.keys(made) as (keyof MailCounts)[];
  if (told === 'refused') return kinds.length > 1 ? { invitation: [0, 1], cancellation: [0, 1] } : {};
  const most = Object.fromEntries(kinds.map((kind) => [kind, [0, made[kind]![1]]])) as MailCounts;
  return kinds.length > 1 ? { ...most, cancellation: [0, 1] } : most;
}
