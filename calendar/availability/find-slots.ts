import type { Person, Preference, Slot, SlotQuery } from './availability-query.ts';
import { decidingPreference, rateSlots, type RatedCandidate } from './rate-slots.ts';
import { sweepStarts } from './sweep-starts.ts';

/** Digits of scores and values: enough to tell two starts in three months apart. */
const DIGITS = 6;
const rounded = (value: number) => Number(value.toFixed(DIGITS));

/**
 * The best slots for a meeting, best first; equally good ones by their start. `found` counts all starts that
 * would do, of which at most `mostSlots` are returned.
 *
 * @example
 * const person = { id: 'ada', busy: [], movable: [], hours: null, bufferBeforeMs: 0, bufferAfterMs: 0 };
 * findSlots([person], { ...query, groups: [{ people: ['ada'], atLeast: 1 }] });
 */
export function findSlots(people: readonly Person[], query: SlotQuery): { slots: Slot[]; found: number } {
  const ranked = rateSlots(sweepStarts(people, query), people, query).toSorted(
    (a, b) => b.score - a.score || a.start - b.start,
  );
  const chosen: number[] = [];
  for (const [rank, { start }] of ranked.entries()) {
    if (chosen.length === query.mostSlots) break;
    const isClear =
      query.overlapping ||
      chosen.every((other) => Math.abs(ranked[other]!.start - start) >= query.durationMs);
    if (isClear) chosen.push(rank);
  }
  return { slots: chosen.map((rank) => toSlot(ranked, rank, people, query)), found: ranked.length };
}

function toSlot(
  ranked: readonly RatedCandidate[],
  rank: number,
  people: readonly Person[],
  { durationMs, prefer }: SlotQuery,
): Slot {
  const one = ranked[rank]!;
  const values: Partial<Record<Preference, number>> = {};
  for (const [index, preference] of prefer.entries()) values[preference] = rounded(one.values[index]!);
  return {
    start: one.start,
    end: one.start + durationMs,
    people: one.choice.people.map((person) => people[person]!.id),
    movable: one.choice.moves.map(({ person, block }) => ({
      personId: people[person]!.id,
      blockId: block.blockId,
    })),
    score: rounded(one.score),
    reason: { code: prefer[decidingPreference(one, ranked[rank + 1])]!, values },
  };
}
