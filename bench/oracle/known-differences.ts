import { instantToWall, wallToInstant } from '../../calendar/time-zone.ts';
import type { EventResource } from '../../emulator/admin.ts';
import type { MirroredItem } from '../peers/gcal-sync.ts';
import type { ItemDifference } from './compare.ts';

/** Known deviations of gcal_sync from Google's documentation; see bench/README.md. */
export type KnownDifference =
  'reset exception' | 'start off the rule' | 'exception of a deleted series' | 'change of clocks';

/** Facts about a calendar that explain differences between two mirrors of it. */
export interface Circumstances {
  /** Items of a complete listing, by ID. */
  listed: ReadonlyMap<string, EventResource>;
  /** All that gcal_sync keeps. */
  theirs: readonly MirroredItem[];
}

const HALF_HOUR_MS = 1_800_000;
const text = (instantMs: number) => new Date(instantMs).toISOString().replace('.000Z', 'Z');

/**
 * A timed event as gcal_sync reads it: what has no length on the wall clock of its zone, it lets take half an
 * hour.
 */
function asRead({ start, end }: EventResource): { endMs: number; durationMs: number; zone: string } | null {
  if (!start?.dateTime || !end?.dateTime || !start.timeZone) return null;
  const zone = start.timeZone;
  const [startMs, sentMs] = [Date.parse(start.dateTime), Date.parse(end.dateTime)];
  const lengthTo = (endMs: number) => instantToWall(zone, endMs) - instantToWall(zone, startMs);
  const endMs = lengthTo(sentMs) > 0 ? sentMs : startMs + HALF_HOUR_MS;
  return { endMs, durationMs: lengthTo(endMs), zone };
}

/**
 * When gcal_sync shows such an event, or its occurrence that begins at `startMs`, as `start end`. Occurrences
 * it reckons on the wall clock, and takes the first of two instants that are equal there.
 */
function asShown(event: EventResource, startMs: number): string | null {
  const read = asRead(event);
  if (!read) return null;
  const { zone, durationMs, endMs } = read;
  const startWallMs = instantToWall(zone, startMs);
  const instants = event.recurrence?.length
    ? [startWallMs, startWallMs + durationMs].map((wallMs) => wallToInstant(zone, wallMs))
    : [startMs, endMs];
  return instants.map(text).join(' ');
}

/** Names an item's difference, where it is one of those. */
export function knownItem(
  { id, ours, theirs }: ItemDifference<MirroredItem>,
  { listed }: Circumstances,
): KnownDifference | null {
  const event = listed.get(id);
  if (ours === undefined) return theirs?.status === 'cancelled' && !event ? 'reset exception' : null;
  const read = event && asRead(event);
  if (!read || !theirs) return null;
  return JSON.stringify({ ...ours, end: text(read.endMs) }) === JSON.stringify(theirs)
    ? 'change of clocks'
    : null;
}

/**
 * The occurrences that both mirrors show, ours as many hours long as the event, theirs as gcal_sync reckons:
 * IDs of differences, both sides.
 */
function clockChanges(
  differences: readonly ItemDifference<number>[],
  events: readonly EventResource[],
): Set<string> {
  const surplusById = new Map(differences.map(({ id, ours = 0, theirs = 0 }) => [id, ours - theirs]));
  const found = new Set<string>();
  for (const event of events) {
    const { summary = '', start, end } = event;
    if (!start?.dateTime || !end?.dateTime) continue;
    const exactMs = Date.parse(end.dateTime) - Date.parse(start.dateTime);
    for (const [id, surplus] of surplusById) {
      const startMs = Date.parse(id.slice(0, id.indexOf(' ')));
      if (surplus !== 1 || id !== `${text(startMs)} ${text(startMs + exactMs)} ${summary}`) continue;
      const theirs = `${asShown(event, startMs)} ${summary}`;
      if (surplusById.get(theirs) === -1) found.add(id).add(theirs);
    }
  }
  return found;
}

/** Names those of a calendar's differing occurrences that are one of those. */
export function knownOccurrences(
  differences: readonly ItemDifference<number>[],
  circumstances: Circumstances,
): (difference: ItemDifference<number>) => KnownDifference | null {
  const ofClocks = clockChanges(differences, [...circumstances.listed.values()]);
  return (difference) =>
    ofClocks.has(difference.id) ? 'change of clocks' : knownOccurrence(difference, circumstances);
}

function knownOccurrence(
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
