/** A span of time in epoch milliseconds; `end` is exclusive. */
export interface Interval {
  start: number;
  end: number;
}

/** The same time as sorted intervals that neither touch nor overlap. O(n log n), O(n) where they are sorted. */
export function merge(intervals: readonly Interval[]): Interval[] {
  const merged: Interval[] = [];
  for (const { start, end } of intervals.toSorted((a, b) => a.start - b.start)) {
    if (end <= start) continue;
    const last = merged.at(-1);
    if (last && start <= last.end) last.end = Math.max(last.end, end);
    else merged.push({ start, end });
  }
  return merged;
}

/** The parts of `intervals` outside `taken`; both must be sorted and disjoint, as from `merge`. O(n + m). */
export function subtract(intervals: readonly Interval[], taken: readonly Interval[]): Interval[] {
  const left: Interval[] = [];
  let index = 0;
  for (const { start, end } of intervals) {
    let from = start;
    while (index < taken.length && taken[index]!.end <= from) index += 1;
    // The last hole may reach into the next interval, so it stays current.
    for (let hole = index; hole < taken.length && taken[hole]!.start < end; hole += 1) {
      if (taken[hole]!.start > from) left.push({ start: from, end: taken[hole]!.start });
      from = Math.max(from, taken[hole]!.end);
      index = hole;
    }
    if (from < end) left.push({ start: from, end });
  }
  return left;
}

/** The time in both lists; both must be sorted and disjoint, as from `merge`. O(n + m). */
export function intersect(these: readonly Interval[], those: readonly Interval[]): Interval[] {
  const both: Interval[] = [];
  let [a, b] = [0, 0];
  while (a < these.length && b < those.length) {
    const start = Math.max(these[a]!.start, those[b]!.start);
    const end = Math.min(these[a]!.end, those[b]!.end);
    if (start < end) both.push({ start, end });
    if (these[a]!.end < those[b]!.end) a += 1;
    else b += 1;
  }
  return both;
}

/** The one of sorted, disjoint intervals that contains an instant. O(log n). */
export function intervalAt(intervals: readonly Interval[], instant: number): Interval | undefined {
  let [low, high] = [0, intervals.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (intervals[middle]!.end > instant) high = middle;
    else low = middle + 1;
  }
  const found = intervals[low];
  return found !== undefined && found.start <= instant ? found : undefined;
}
