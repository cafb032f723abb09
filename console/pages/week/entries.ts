import type { Occurrence } from '../../data/week-queries.ts';
import type { Answer } from '../../data/types.ts';

type Block = Answer<'/api/v1/workspaces/{workspaceId}/blocks'>[number];
type Plan = Answer<'/api/v1/workspaces/{workspaceId}/plan/runs/{runId}'>;

/** What the calendar shows: an occurrence, a planned block, or an occurrence that is a block. */
export interface Entry {
  id: string;
  /** Null: a block that is not in Google yet. */
  calendarId: string | null;
  title: string;
  start: string;
  end: string;
  allDay: boolean;
  busy: boolean;
  tentative: boolean;
  block: Block | null;
  /** Why the block is where it is. */
  why: string | null;
}

const UNTITLED = '(no title)';
const placeOf = (title: string | null, start: string, end: string) => `${start} ${end} ${title}`;
const GONE = new Set<Block['status']>(['declined', 'released', 'deleted']);

/** A block that was written is an event as well: the two are shown as one. */
export function mergeEntries(
  occurrences: readonly Occurrence[],
  planned: { blocks: readonly Block[]; plan: Plan | null } | undefined,
): Entry[] {
  const blocks = (planned?.blocks ?? []).filter(({ status }) => !GONE.has(status));
  const waiting = new Map(blocks.map((block) => [placeOf(block.title, block.start, block.end), block]));
  const whyOf = new Map(planned?.plan?.blocks.map(({ id, sentence }) => [id, sentence]));
  const shown = occurrences.map((one): Entry => {
    const place = placeOf(one.title, one.start, one.end);
    const block = waiting.get(place) ?? null;
    if (block !== null) waiting.delete(place);
    return {
      id: one.id,
      calendarId: one.calendarId,
      title: one.title ?? UNTITLED,
      start: one.start,
      end: one.end,
      allDay: one.allDay,
      busy: one.busy,
      tentative: one.status === 'tentative',
      block,
      why: block && (whyOf.get(block.id) ?? null),
    };
  });
  const unwritten = [...waiting.values()].map((block): Entry => ({
    id: block.id,
    calendarId: null,
    title: block.title ?? UNTITLED,
    start: block.start,
    end: block.end,
    allDay: false,
    busy: true,
    tentative: false,
    block,
    why: whyOf.get(block.id) ?? null,
  }));
  return [...shown, ...unwritten];
}
