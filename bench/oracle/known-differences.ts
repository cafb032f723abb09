import type { MirroredItem } from '../peers/gcal-sync.ts';
import type { ItemDifference } from './compare.ts';

/** Where gcal_sync and Google's documentation part; see bench/README.md. */
export type KnownDifference = 'reset exception' | 'start off the rule' | 'exception of a deleted series';

/** What is known of a calendar when two mirrors of it are compared. */
export interface Circumstances {
  /** IDs that a complete listing gives. */
  listed: ReadonlySet<string>;
  /** All that gcal_sync keeps. */
  theirs: readonly MirroredItem[];
}

/** Names an item's difference, where it is one of those. */
export function knownItem(
  { id, ours, theirs }: ItemDifference<MirroredItem>,
  { listed }: Circumstances,
): KnownDifference | null {
  const reset = ours === undefined && theirs?.status === 'cancelled' && !listed.has(id);
  return reset ? 'reset exception' : null;
}

/** Names an occurrence's difference, where it is one of those. */
export function knownOccurrence(
  { id, ours = 0, theirs = 0 }: ItemDifference<number>,
  { listed, theirs: items }: Circumstances,
): KnownDifference | null {
  const [start, end] = id.split(' ');
  if (theirs === ours + 1) {
    const kept = items.filter(({ seriesId, status }) => seriesId !== null && status !== 'cancelled');
    const deleted = new Set(items.filter(({ status }) => status === 'cancelled').map((item) => item.id));
    return kept.some((item) => deleted.has(item.seriesId ?? '') && item.start === start && item.end === end)
      ? 'exception of a deleted series'
      : null;
  }
  if (ours !== theirs + 1) return null;
  if (items.some((item) => item.recurrence.length > 0 && item.start === start)) return 'start off the rule';
  const hidden = items.some(
    (item) => item.status === 'cancelled' && item.originalStart === start && !listed.has(item.id),
  );
  return hidden ? 'reset exception' : null;
}
