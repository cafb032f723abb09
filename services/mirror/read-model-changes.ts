import type { Transaction } from '../../prisma/client.ts';
import { type BusySpan, joinSpans, noteBusySpan } from './busy-span.ts';
import { type ChangedOccurrences, joinOccurrences, noteOccurrences } from './changed-occurrences.ts';

/** What has changed in the read model of a calendar, for the workspace's own log. */
export interface ReadModelChanges {
  /** Span from now on in which busy times have changed. Null: none has, or occurrences were only added. */
  busy: BusySpan | null;
  /** Null: no webhook asks, none has changed, or occurrences were only added. */
  occurrences: ChangedOccurrences | null;
}

export const UNCHANGED: ReadModelChanges = { busy: null, occurrences: null };

export function joinChanges(one: ReadModelChanges, other: ReadModelChanges): ReadModelChanges {
  return {
    busy: joinSpans(one.busy, other.busy),
    occurrences: joinOccurrences(one.occurrences, other.occurrences),
  };
}

/**
 * Appends the changes to the workspace's own log. Call it after `appendChanges`: the position of this log is the
 * last lock of every transaction.
 */
export async function noteChanges(
  transaction: Transaction,
  calendar: { workspaceId: string; calendarId: string },
  { busy, occurrences }: ReadModelChanges,
): Promise<void> {
  await noteBusySpan(transaction, calendar, busy);
  await noteOccurrences(transaction, calendar, occurrences);
}
