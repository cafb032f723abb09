import type { MirroredItem, MirroredOccurrence } from '../peers/gcal-sync.ts';

const DAY_MS = 86_400_000;

/** The same event in two mirrors; undefined where one lacks it. */
export interface ItemDifference<Of> {
  id: string;
  ours: Of | undefined;
  theirs: Of | undefined;
}

const isCancelled = ({ status }: { status: string }) => status === 'cancelled';

/**
 * The relevant items of a store that keeps everything it ever received. Google promises only an ID for a
 * deleted event, and does not promise to list the exceptions of a deleted series one by one; for a cancelled
 * occurrence it promises the series and the original start (reference of `events`, `status`).
 */
export function liveItems(items: readonly MirroredItem[]): MirroredItem[] {
  const deleted = new Set(items.filter((item) => isCancelled(item) && !item.seriesId).map(({ id }) => id));
  return items
    .filter(({ id, seriesId }) => !deleted.has(id) && !deleted.has(seriesId ?? ''))
    .map((item) =>
      isCancelled(item) ? { ...item, summary: '', start: null, end: null, recurrence: [] } : item,
    );
}

/** Compares two mirrors event by event. */
export function compareItems(
  ours: readonly MirroredItem[],
  theirs: readonly MirroredItem[],
): ItemDifference<MirroredItem>[] {
  const [mine, other] = [ours, theirs].map((items) => new Map(items.map((item) => [item.id, item])));
  return differing(mine!, other!);
}

function differing<Of>(ours: ReadonlyMap<string, Of>, theirs: ReadonlyMap<string, Of>): ItemDifference<Of>[] {
  return [...new Set([...ours.keys(), ...theirs.keys()])]
    .map((id) => ({ id, ours: ours.get(id), theirs: theirs.get(id) }))
    .filter((both) => JSON.stringify(both.ours) !== JSON.stringify(both.theirs));
}

/**
 * Compares occurrences and their numbers. Days around the horizon's ends are left out, because mirrors cut
 * all-day occurrences there in different zones.
 */
export function compareOccurrences(
  ours: readonly MirroredOccurrence[],
  theirs: readonly MirroredOccurrence[],
  horizon: readonly string[],
): ItemDifference<number>[] {
  const edges = horizon.flatMap((edge) =>
    [-1, 0, 1].map((days) => new Date(Date.parse(edge) + days * DAY_MS).toISOString().slice(0, 10)),
  );
  const count = (occurrences: readonly MirroredOccurrence[]) => {
    const counts = new Map<string, number>();
    for (const { summary, start, end } of occurrences) {
      if (edges.some((edge) => start.startsWith(edge) || end.startsWith(edge))) continue;
      const line = `${start} ${end} ${summary}`;
      counts.set(line, (counts.get(line) ?? 0) + 1);
    }
    return counts;
  };
  return differing(count(ours), count(theirs));
}
