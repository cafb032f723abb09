import type { Movable, Person } from './availability-query.ts';
import { type Interval, intersect, merge } from './interval.ts';

/** A person's busy time within windows, merged. Planned blocks are part of it where they count as busy. */
export function busyTime(
  { busy, movable }: Pick<Person, 'busy' | 'movable'>,
  windows: readonly Interval[],
  counts: Movable,
): Interval[] {
  return intersect(merge(counts === 'busy' ? [...busy, ...movable] : busy), merge(windows));
}
