import type { MovableBlock, Person, SlotQuery } from './availability-query.ts';
import { type Interval, intersect, merge, subtract } from './interval.ts';

/**
 * Starts at which a slot and its buffers would overlap a busy interval. Instants are whole milliseconds, so the
 * inclusive last start of a gap is an exclusive end one millisecond later.
 */
function conflicts(person: Person, { durationMs }: SlotQuery, { start, end }: Interval): Interval {
  return { start: start - durationMs - person.bufferAfterMs + 1, end: end + person.bufferBeforeMs };
}

const hasLength = ({ start, end }: Interval) => start < end;

/** The starts at which a person can come, whether or not blocks have to move for it: sorted, disjoint. */
export function possibleStarts(person: Person, query: SlotQuery): Interval[] {
  const windows = merge(query.windows);
  const open = person.hours === null ? windows : intersect(merge(person.hours), windows);
  const room = open.map(({ start, end }) => ({ start, end: end - query.durationMs + 1 })).filter(hasLength);
  const taken = query.movable === 'busy' ? [...person.busy, ...person.movable] : person.busy;
  return subtract(room, merge(taken.filter(hasLength).map((one) => conflicts(person, query, one))));
}

/** For each block that a slot may need to move: the starts at which it does. Empty unless `movable` is `ask`. */
export function movingStarts(person: Person, query: SlotQuery): (Interval & { block: MovableBlock })[] {
  if (query.movable !== 'ask') return [];
  return person.movable.filter(hasLength).map((block) => ({ ...conflicts(person, query, block), block }));
}
