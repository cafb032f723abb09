import { sayDaySpan } from '../../components/moment.ts';
import type { Block, Plan, PlannedBlock } from '../../data/planning.ts';
import type { ListedBlock } from './block-list.tsx';
import { PinButton } from './pin-button.tsx';

export const sameTime = (a: { start: string; end: string }, b: { start: string; end: string }): boolean =>
  Date.parse(a.start) === Date.parse(b.start) && Date.parse(a.end) === Date.parse(b.end);

export const isWithin = (start: string, { stats }: Plan): boolean =>
  Date.parse(start) < Date.parse(stats.window.end);

/** `Report (1 of 2)`. */
export const sayName = ({ title, chunk }: Pick<Block, 'title' | 'chunk'>): string =>
  `${title ?? 'Something that was removed'}${chunk.of > 1 ? ` (${chunk.index} of ${chunk.of})` : ''}`;

interface NowContext {
  /** The plan that placed it. */
  plan: Plan | undefined;
  preview: Plan | null;
  workspaceId: string;
}

/** A block as it is. */
export function listNow(block: Block, { plan, preview, workspaceId }: NowContext): ListedBlock {
  const name = sayName(block);
  const next = preview?.blocks.find(({ id }) => id === block.id);
  const moves = next !== undefined && !sameTime(next, block);
  const placed = plan?.blocks.find(({ id }) => id === block.id);
  const isWhereItWasPlaced = placed !== undefined && sameTime(placed, block);
  return {
    id: block.id,
    kind: block.kind,
    name,
    start: block.start,
    end: block.end,
    isPinned: block.pinned,
    change: preview === null || (next && !moves) ? undefined : moves ? 'moves' : 'goes',
    note: moves ? `to ${sayDaySpan(next.start, next.end)}` : undefined,
    why: preview === null ? sayWhy(block, isWhereItWasPlaced ? placed : undefined) : undefined,
    action: <PinButton block={block} name={name} workspaceId={workspaceId} />,
  };
}

const PINNED_BECAUSE = {
  moved: 'Stays where a person moved it in Google Calendar.',
  resized: 'Stays as long as a person made it in Google Calendar.',
  locked: 'Stays: it is pinned.',
  meeting: 'Stays: it repeats or has guests.',
  started: 'Stays: it has begun.',
  done: 'Stays: its task is done.',
} as const;

function sayWhy({ pinnedBecause }: Block, placed: PlannedBlock | undefined): string | undefined {
  return pinnedBecause === null ? placed?.sentence : PINNED_BECAUSE[pinnedBecause];
}

/** A block of a preview. */
export function listNext(block: PlannedBlock, now: readonly Block[]): ListedBlock {
  const before = now.find(({ id }) => id === block.id);
  const moves = before !== undefined && !sameTime(before, block);
  return {
    id: block.id,
    kind: block.kind,
    name: sayName(block),
    start: block.start,
    end: block.end,
    isPinned: block.pinned,
    change: before === undefined ? 'new' : moves ? 'moves' : undefined,
    note: moves ? `from ${sayDaySpan(before.start, before.end)}` : undefined,
    why: block.sentence,
  };
}
