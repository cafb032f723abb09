import type { CurrentBlock, PlannedBlock } from '../scheduling/index.ts';

/** Differences between a plan and the previous blocks. */
export interface PlanChanges {
  created: PlannedBlock[];
  moved: { from: CurrentBlock; to: PlannedBlock }[];
  gone: CurrentBlock[];
}

/** Compares a plan with the previous blocks, by block ID. */
export function planChanges(blocks: readonly PlannedBlock[], previous: readonly CurrentBlock[]): PlanChanges {
  const before = new Map(previous.map((block) => [block.id, block]));
  const now = new Set(blocks.map(({ id }) => id));
  const moved = blocks.flatMap((to) => {
    const from = before.get(to.id);
    return from &&
      (Date.parse(from.start) !== Date.parse(to.start) || Date.parse(from.end) !== Date.parse(to.end))
      ? [{ from, to }]
      : [];
  });
  return {
    created: blocks.filter(({ id }) => !before.has(id)),
    moved,
    gone: previous.filter(({ id }) => !now.has(id)),
  };
}
