import { sayDaySpan } from '../../components/moment.ts';
import type { Block, PlannedBlock, PlanOutcome } from '../../data/planning.ts';
import type { ListedBlock } from './block-list.tsx';
import { PinButton } from './pin-button.tsx';
import { reasonsWith, sayBlock } from './reasons.ts';

export const sameTime = (a: { start: string; end: string }, b: { start: string; end: string }): boolean =>
  Date.parse(a.start) === Date.parse(b.start) && Date.parse(a.end) === Date.parse(b.end);

export const isWithin = (start: string, { stats }: PlanOutcome): boolean =>
  Date.parse(start) < Date.parse(stats.window.end);

interface NowContext {
  /** The plan that placed it. */
  plan: Pick<PlanOutcome, 'blocks'> | undefined;
  preview: PlanOutcome | null;
  nameOf: (refId: string) => string;
  workspaceId: string;
}

/** A block as it is. */
export function listNow(block: Block, { plan, preview, nameOf, workspaceId }: NowContext): ListedBlock {
  const name = sayBlock({ ...block, refId: block.refId ?? '' }, () => block.title ?? 'A block that is gone');
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
    why: preview === null ? sayWhy(block, isWhereItWasPlaced ? placed : undefined, nameOf) : undefined,
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

function sayWhy(
  { pinnedBecause }: Block,
  placed: PlannedBlock | undefined,
  nameOf: (refId: string) => string,
): string | undefined {
  if (pinnedBecause !== null) return PINNED_BECAUSE[pinnedBecause];
  return placed && reasonsWith(nameOf).whyHere(placed);
}

/** A block of a preview. */
export function listNext(
  block: PlannedBlock,
  now: readonly Block[],
  nameOf: (refId: string) => string,
): ListedBlock {
  const before = now.find(({ id }) => id === block.id);
  const moves = before !== undefined && !sameTime(before, block);
  return {
    id: block.id,
    kind: block.kind,
    name: sayBlock(block, nameOf),
    start: block.start,
    end: block.end,
    isPinned: block.pinned,
    change: before === undefined ? 'new' : moves ? 'moves' : undefined,
    note: moves ? `from ${sayDaySpan(before.start, before.end)}` : undefined,
    why: reasonsWith(nameOf).whyHere(block),
  };
}
