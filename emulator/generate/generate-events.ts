import { setImmediate as nextTurn } from 'node:timers/promises';
import { commitNew } from '../events/commit-event.ts';
import type { EventContext } from '../events/event-context.ts';
import { type EventInput, normalizeEvent } from '../events/normalize-event.ts';
import type { Random } from '../state/random.ts';
import { addExceptions } from './generate-exceptions.ts';
import { inventSeries, inventSingle } from './invent-event.ts';

const DEFAULT_RECURRING_SHARE = 0.15;
/** Share of the series that have occurrences moved or cancelled. */
const EXCEPTION_SHARE = 0.4;
/** Events made between two turns of the event loop. */
const EVENTS_PER_TURN = 500;

interface GenerateOptions {
  count: number;
  recurringShare?: number | undefined;
  /** Middle of the range of the events. */
  aroundMs: number;
  /** Prefix of every title and description. */
  mark?: string | undefined;
}

/** Fills a calendar with `count` events and exceptions of its series. Returns the number of added events. */
export async function generateEvents(
  context: EventContext,
  random: Random,
  { count, recurringShare = DEFAULT_RECURRING_SHARE, aroundMs, mark }: GenerateOptions,
): Promise<number> {
  const { store, state } = context;
  const before = store.order.length;
  for (let i = 1; i <= count; i++) {
    const recurring = random.next() < recurringShare;
    const invent = recurring ? inventSeries : inventSingle;
    const id = random.id(26);
    const input = withMark(mark, invent(random, aroundMs, store.timeZone, store.meta.id));
    const event = commitNew(context, {
      ...normalizeEvent(context, input),
      id,
      iCalUID: `${id}@google.com`,
    });
    if (recurring && random.next() < EXCEPTION_SHARE) addExceptions(context, random, event, aroundMs);
    if (i % EVENTS_PER_TURN === 0) await nextTurn();
  }
  state.notifyChanged(store);
  return store.order.length - before;
}

function withMark(mark: string | undefined, event: EventInput): EventInput {
  if (mark === undefined) return event;
  const { summary, description } = event;
  return {
    ...event,
    ...(typeof summary === 'string' && { summary: `${mark} ${summary}` }),
    ...(typeof description === 'string' && { description: `${mark} ${description}` }),
  };
}
