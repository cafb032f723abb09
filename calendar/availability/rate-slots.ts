import type { Person, Preference, SlotQuery } from './availability-query.ts';
import { intervalAt, type Interval, merge } from './interval.ts';
import type { Candidate } from './sweep-starts.ts';

/** Weight of a preference in units of the next one. */
const WEIGHT = 10;

export interface RatedCandidate extends Candidate {
  /** By preference, in the order of the query. */
  values: number[];
  score: number;
}

/** From 1 in the middle of the interval to 0 at its edges. */
function centrality(intervals: readonly Interval[], start: number, durationMs: number): number {
  const around = intervalAt(intervals, start);
  if (around === undefined) return 0;
  const half = (around.end - around.start) / 2;
  return 1 - Math.abs(start + durationMs / 2 - around.start - half) / half;
}

/** Rates candidates by the preferences of the query; `candidates` must be in order of their starts. */
export function rateSlots(
  candidates: readonly Candidate[],
  people: readonly Person[],
  query: SlotQuery,
): RatedCandidate[] {
  const { prefer, durationMs } = query;
  const first = candidates[0]?.start ?? 0;
  const span = Math.max(1, (candidates.at(-1)?.start ?? 0) - first);
  const hours = prefer.includes('middleOfHours')
    ? people.map((person) => merge(person.hours ?? query.windows))
    : [];
  const rate: Record<Preference, (candidate: Candidate) => number> = {
    earliest: ({ start }) => 1 - (start - first) / span,
    latest: ({ start }) => (start - first) / span,
    fewestMoves: ({ choice }) => 1 / (1 + choice.moves.length),
    mostPeople: ({ choice }) => choice.people.length / people.length,
    middleOfHours: ({ start, choice }) =>
      choice.people.reduce((sum, person) => sum + centrality(hours[person]!, start, durationMs), 0) /
      choice.people.length,
  };
  const total = prefer.reduce((sum, _preference, index) => sum + WEIGHT ** -index, 0);
  return candidates.map((candidate) => {
    const values = prefer.map((preference) => rate[preference](candidate));
    const weighted = values.reduce((sum, value, index) => sum + value * WEIGHT ** -index, 0);
    return { ...candidate, values, score: weighted / total };
  });
}

/** Index of the preference that puts `one` most ahead of `next`; 0 if none does. */
export function decidingPreference(one: RatedCandidate, next: RatedCandidate | undefined): number {
  const ahead = one.values.map((value, index) => (value - (next?.values[index] ?? value)) * WEIGHT ** -index);
  return Math.max(0, ahead.indexOf(Math.max(...ahead, 0)));
}
