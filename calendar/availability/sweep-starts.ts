import type { MovableBlock, Person, SlotQuery } from './availability-query.ts';
import { type Choice, choosePeople } from './choose-people.ts';
import { movingStarts, possibleStarts } from './possible-starts.ts';

/** A start at which every group is satisfied. Neighbouring candidates share a choice. */
export interface Candidate {
  start: number;
  choice: Choice;
}

/** At `at`, a person becomes able or unable to come, or a block begins or ceases to be in the way. */
interface Event {
  at: number;
  person: number;
  begins: boolean;
  block: MovableBlock | null;
}

function eventsOf(person: Person, index: number, query: SlotQuery): Event[] {
  const spans = [
    ...possibleStarts(person, query).map((span) => ({ ...span, block: null })),
    ...movingStarts(person, query),
  ];
  return spans.flatMap(({ start, end, block }) => [
    { at: start, person: index, begins: true, block },
    { at: end, person: index, begins: false, block },
  ]);
}

/**
 * All starts on the grid at which every group is satisfied, in order. The sweep walks over sorted events and
 * looks at starts only between two events with enough people: O(n log n + candidates).
 */
export function sweepStarts(people: readonly Person[], query: SlotQuery): Candidate[] {
  const indexOf = new Map(people.map(({ id }, index) => [id, index]));
  const groups = query.groups.map((group) => ({
    ...group,
    people: group.people.map((id) => indexOf.get(id)!),
  }));
  const groupsOf = people.map((_, person) =>
    groups.flatMap((group, index) => (group.people.includes(person) ? [index] : [])),
  );
  const lacking = groups.map(({ atLeast }) => atLeast);
  let unmet = lacking.filter((count) => count > 0).length;
  const able = people.map(() => false);
  const blocks = people.map(() => new Set<MovableBlock>());

  const apply = ({ person, begins, block }: Event) => {
    if (block !== null) {
      if (begins) blocks[person]!.add(block);
      else blocks[person]!.delete(block);
      return;
    }
    able[person] = begins;
    for (const group of groupsOf[person]!) {
      const before = lacking[group]!;
      lacking[group] = before + (begins ? -1 : 1);
      if (before > 0 !== lacking[group] > 0) unmet += begins ? -1 : 1;
    }
  };

  const { anchorMs, granularityMs } = query;
  const candidates: Candidate[] = [];
  const events = people.flatMap((person, index) => eventsOf(person, index, query));
  events.sort((a, b) => a.at - b.at);
  for (let index = 0; index < events.length;) {
    const { at } = events[index]!;
    for (; events[index]?.at === at; index += 1) apply(events[index]!);
    const until = events[index]?.at;
    if (unmet > 0 || until === undefined) continue;
    let start = anchorMs + Math.ceil((at - anchorMs) / granularityMs) * granularityMs;
    if (start >= until) continue;
    const choice = choosePeople({ able, blocks }, groups);
    for (; start < until; start += granularityMs) candidates.push({ start, choice });
  }
  return candidates;
}
