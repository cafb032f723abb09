import { instantToWall, wallToInstant } from '../../calendar/time-zone.ts';
import type { EventResource } from '../../emulator/admin.ts';
import type { MirroredItem } from '../peers/gcal-sync.ts';
import type { ItemDifference } from './compare.ts';

/** Where gcal_sync and Google's documentation part; see bench/README.md. */
export type KnownDifference =
  'reset exception' | 'start off the rule' | 'exception of a deleted series' | 'change of clocks';

/** What is known of a calendar when two mirrors of it are compared. */
export interface Circumstances {
  /** What a complete listing gives, by ID. */
  listed: ReadonlyMap<string, EventResource>;
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

/**
 * Whether both mirrors show an occurrence of a series across a change of clocks, ours as many hours long as the first
 * one and theirs as many hours long on the wall clock.
 */
function isChangeOfClocks(
  { id }: ItemDifference<number>,
  all: readonly ItemDifference<number>[],
  series: Iterable<EventResource>,
): boolean {
  const [start = ''] = id.split(' ');
  const startMs = Date.parse(start);
  const shows = (endMs: number, title: string, surplusOfOurs: number) => {
    const end = new Date(endMs).toISOString().replace('.000Z', 'Z');
    return all.some(
      ({ id: other, ours = 0, theirs = 0 }) =>
        other === `${start} ${end} ${title}` && ours - theirs === surplusOfOurs,
    );
  };
  for (const { summary = '', start: first, end: last, recurrence } of series) {
    const zone = first?.timeZone;
    if (!recurrence?.length || !id.endsWith(` ${summary}`) || !zone || !first.dateTime || !last?.dateTime)
      continue;
    const durationMs = Date.parse(last.dateTime) - Date.parse(first.dateTime);
    const wallEndMs = wallToInstant(zone, instantToWall(zone, startMs) + durationMs);
    if (shows(startMs + durationMs, summary, 1) && shows(wallEndMs, summary, -1)) return true;
  }
  return false;
}

/** Names an occurrence's difference, where it is one of those. */
export function knownOccurrence(
  difference: ItemDifference<number>,
  all: readonly ItemDifference<number>[],
  { listed, theirs: items }: Circumstances,
): KnownDifference | null {
  if (isChangeOfClocks(difference, all, listed.values())) return 'change of clocks';
  const { id, ours = 0, theirs = 0 } = difference;
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
