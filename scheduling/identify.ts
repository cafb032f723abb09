import type { CurrentBlock } from './plan-input.ts';

/** A block of the plan before it has an ID. */
export interface NamelessBlock {
  kind: 'task' | 'habit';
  refId: string;
  /** UTC instants. */
  start: string;
  end: string;
  /** The day that a habit's block was made for; null for a task. */
  date: string | null;
  /** ID of a pinned block, which keeps it even if another block is at the same place. */
  pinnedId: string | null;
}

export interface Identity {
  id: string;
  /** The block of the last run that this one continues, if any. */
  previous: CurrentBlock | null;
}

const placeKey = (block: { kind: string; refId: string; start: string; end: string }): string =>
  JSON.stringify([block.kind, block.refId, block.start, block.end]);

/** Blocks with one key are interchangeable: those of one task, or of one habit and day. */
function slotKey(kind: string, refId: string, date: string): string {
  return JSON.stringify([kind, refId, kind === 'habit' ? date : '']);
}

/**
 * Gives every block an ID: that of the last run's block at the same place, else that of a block of the same
 * task, or habit and day, that has left its place, so that it is moved instead of deleted and created. Any
 * other block gets a new ID, which consists of its task and a number, or of its habit and day.
 *
 * @param dateOf The local date of an instant.
 */
export function identify(
  blocks: readonly NamelessBlock[],
  current: readonly CurrentBlock[],
  dateOf: (instant: string) => string,
): Identity[] {
  const pinned = new Set(blocks.map(({ pinnedId }) => pinnedId));
  const byId = new Map(current.map((block) => [block.id, block]));
  const byPlace = new Map<string, CurrentBlock[]>();
  for (const block of current) {
    if (pinned.has(block.id)) continue;
    byPlace.set(placeKey(block), [...(byPlace.get(placeKey(block)) ?? []), block]);
  }
  const identities: (Identity | null)[] = blocks.map((block) => {
    const held = block.pinnedId === null ? undefined : byId.get(block.pinnedId);
    const previous = held ?? byPlace.get(placeKey(block))?.shift();
    return previous ? { id: previous.id, previous } : null;
  });

  const gone = new Map<string, CurrentBlock[]>();
  for (const block of [...byPlace.values()].flat().toSorted((a, b) => (a.start < b.start ? -1 : 1))) {
    const key = slotKey(block.kind, block.refId, block.habitDay ?? dateOf(block.start));
    gone.set(key, [...(gone.get(key) ?? []), block]);
  }
  const used = new Set(current.map(({ id }) => id));
  return blocks.map((block, index) => {
    const known = identities[index];
    if (known) return known;
    const date = block.date ?? dateOf(block.start);
    const previous = gone.get(slotKey(block.kind, block.refId, date))?.shift();
    if (previous) return { id: previous.id, previous };
    const id = newId(block, date, used);
    used.add(id);
    return { id, previous: null };
  });
}

function newId({ kind, refId }: NamelessBlock, date: string, used: ReadonlySet<string>): string {
  const stem = kind === 'habit' ? `${refId}/${date}` : refId;
  for (let number = 1; ; number++) {
    const id = kind === 'habit' && number === 1 ? stem : `${stem}/${number}`;
    if (!used.has(id)) return id;
  }
}
