import type { Interval } from '../../../../calendar/availability/interval.ts';
import type { Person, SlotQuery } from '../../../../calendar/availability/availability-query.ts';

export const MINUTE = 60_000;

/** Every minute that begins inside one of the intervals. */
function minutesOf(intervals: readonly Interval[]): Set<number> {
  const minutes = new Set<number>();
  for (const { start, end } of intervals)
    for (let minute = start / MINUTE; minute < end / MINUTE; minute += 1) minutes.add(minute);
  return minutes;
}

const range = (from: number, until: number) =>
  Array.from({ length: until - from }, (_, index) => from + index);

/** Minutes that are busy in a window, by asking each minute of it. */
export function busyMinutes(person: Person, { windows, movable }: SlotQuery): number[] {
  const [busy, blocks] = [minutesOf(person.busy), minutesOf(person.movable)];
  return [...minutesOf(windows)]
    .filter((minute) => busy.has(minute) || (movable === 'busy' && blocks.has(minute)))
    .toSorted((a, b) => a - b);
}

export interface ExpectedSlot {
  start: number;
  people: string[];
  movable: { personId: string; blockId: string }[];
  values: number[];
  score: number;
}

/** Asks of each start on the grid, of each person, minute by minute, who could come. Knows no interval arithmetic. */
export function slotsByMinute(people: readonly Person[], query: SlotQuery): ExpectedSlot[] {
  const windows = minutesOf(query.windows);
  const times = people.map((person) => ({
    person,
    busy: minutesOf(query.movable === 'busy' ? [...person.busy, ...person.movable] : person.busy),
    hours: person.hours === null ? null : minutesOf(person.hours),
    blocks:
      query.movable === 'ask' ? person.movable.map((block) => ({ block, minutes: minutesOf([block]) })) : [],
  }));
  const duration = query.durationMs / MINUTE;
  const found: Omit<ExpectedSlot, 'values' | 'score'>[] = [];
  for (const start of [...windows].toSorted((a, b) => a - b)) {
    if ((start * MINUTE - query.anchorMs) % query.granularityMs !== 0) continue;
    const slot = range(start, start + duration);
    const able = new Map<string, string[]>();
    for (const { person, busy, hours, blocks } of times) {
      const around = range(
        start - person.bufferBeforeMs / MINUTE,
        start + duration + person.bufferAfterMs / MINUTE,
      );
      if (!slot.every((minute) => windows.has(minute) && (hours === null || hours.has(minute)))) continue;
      if (around.some((minute) => busy.has(minute))) continue;
      const inTheWay = blocks.filter(({ minutes }) => around.some((minute) => minutes.has(minute)));
      able.set(
        person.id,
        inTheWay.map(({ block }) => block.blockId),
      );
    }
    const coming = new Set([...able].filter(([, blocks]) => blocks.length === 0).map(([id]) => id));
    let isEnough = true;
    for (const group of query.groups) {
      const byBlocks = [...able.keys()]
        .filter((id) => group.people.includes(id) && !coming.has(id))
        .toSorted((a, b) => able.get(a)!.length - able.get(b)!.length);
      while (group.people.filter((id) => coming.has(id)).length < group.atLeast && byBlocks.length > 0)
        coming.add(byBlocks.shift()!);
      isEnough &&= group.people.filter((id) => coming.has(id)).length >= group.atLeast;
    }
    if (!isEnough) continue;
    const ids = people.map(({ id }) => id).filter((id) => coming.has(id));
    found.push({
      start: start * MINUTE,
      people: ids,
      movable: ids.flatMap((personId) => able.get(personId)!.map((blockId) => ({ personId, blockId }))),
    });
  }
  return rate(found, people, query);
}

/** The unbroken run of open minutes around a slot: from the last closed minute before it to the first after it. */
function runAround(minutes: ReadonlySet<number>, start: number): [number, number] {
  let [from, until] = [start, start];
  while (minutes.has(from - 1)) from -= 1;
  while (minutes.has(until)) until += 1;
  return [from, until];
}

function rate(
  found: Omit<ExpectedSlot, 'values' | 'score'>[],
  people: readonly Person[],
  { prefer, windows, durationMs }: SlotQuery,
): ExpectedSlot[] {
  const starts = found.map(({ start }) => start);
  const [least, most] = [Math.min(...starts), Math.max(...starts)];
  const slots = found.map((slot) => {
    const values = prefer.map((preference) => {
      if (preference === 'fewestMoves') return 1 / (slot.movable.length + 1);
      if (preference === 'mostPeople') return slot.people.length / people.length;
      if (preference === 'middleOfHours') {
        const each = slot.people.map((id) => {
          const open = minutesOf(people.find((person) => person.id === id)!.hours ?? windows);
          const [from, until] = runAround(open, slot.start / MINUTE);
          const middle = (slot.start + durationMs / 2) / MINUTE;
          return 1 - Math.abs(middle - (from + until) / 2) / ((until - from) / 2);
        });
        return each.reduce((a, b) => a + b, 0) / each.length;
      }
      const late = most === least ? 0 : (slot.start - least) / (most - least);
      return preference === 'latest' ? late : 1 - late;
    });
    const weights = prefer.map((_, index) => 1 / 10 ** index);
    const sum = weights.reduce((a, b) => a + b, 0);
    return {
      ...slot,
      values,
      score: values.reduce((total, value, index) => total + value * weights[index]!, 0) / sum,
    };
  });
  return slots.toSorted((a, b) => b.score - a.score || a.start - b.start);
}
