import type { Group, MovableBlock } from './availability-query.ts';

/** Who can come at some start. */
export interface Ability {
  /** Whether each person can come, by index. */
  able: readonly boolean[];
  /** Blocks that each person would have to move. */
  blocks: readonly ReadonlySet<MovableBlock>[];
}

export interface Choice {
  /** Indexes of people, ascending. */
  people: number[];
  moves: { person: number; block: MovableBlock }[];
}

/**
 * Those who come without moving anything, and of the others as many as a group still needs: groups in their
 * order, people with fewer blocks first. The groups must be satisfiable.
 */
export function choosePeople(
  { able, blocks }: Ability,
  groups: readonly (Omit<Group, 'people'> & { people: readonly number[] })[],
): Choice {
  const chosen = new Set<number>();
  const movers: number[] = [];
  for (let person = 0; person < able.length; person += 1) {
    if (!able[person]) continue;
    if (blocks[person]!.size === 0) chosen.add(person);
    else movers.push(person);
  }
  movers.sort((a, b) => blocks[a]!.size - blocks[b]!.size || a - b);
  for (const { people, atLeast } of movers.length === 0 ? [] : groups) {
    let lacking = atLeast - people.filter((person) => chosen.has(person)).length;
    for (const person of movers) {
      if (lacking <= 0) break;
      if (chosen.has(person) || !people.includes(person)) continue;
      chosen.add(person);
      lacking -= 1;
    }
  }
  const people = [...chosen].toSorted((a, b) => a - b);
  const moves = people.flatMap((person) =>
    [...blocks[person]!]
      .toSorted((a, b) => a.start - b.start || (a.blockId < b.blockId ? -1 : 1))
      .map((block) => ({ person, block })),
  );
  return { people, moves };
}
