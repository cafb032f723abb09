import { GoogleError, invalidParameter } from '../http/google-error.ts';
import { eventTimeMs } from '../recurrence/event-time.ts';
import { originalStartMs, unmodifiedInstances } from '../recurrence/instances.ts';
import { decodeToken, encodeToken } from '../state/opaque-token.ts';
import type { EventResource } from '../state/types.ts';
import { applyFieldsMask } from '../http/fields-mask.ts';
import type { EventContext } from './event-context.ts';
import { viewOf } from './list-events.ts';
import { parseListQuery, type RawQuery } from './list-query.ts';
import { inWindow } from './matches.ts';
import { resolveEvent } from './resolve-event.ts';
import { renderResource } from './view.ts';

const DAY_MS = 86_400_000;

/** Answers events.instances: the occurrences of a series in order of their original start. */
export function listInstances(context: EventContext, eventId: string, raw: RawQuery): string {
  const { store, entry } = context;
  const { originalStart, ...rest } = raw;
  const query = parseListQuery(rest);
  const all = instancesOf(context, eventId)
    .filter((instance) => query.showDeleted || instance.status !== 'cancelled')
    .filter((instance) => inWindow(instance, query.timeMinMs, query.timeMaxMs, store.timeZone))
    .filter(
      (instance) => originalStart === undefined || originalStartMs(instance) === startMsOf(originalStart),
    );

  const offset = query.pageToken === undefined ? 0 : readOffset(query.pageToken, eventId);
  const page = all.slice(offset, offset + query.maxResults);
  const next = offset + page.length;
  const view = viewOf(context, query);
  const head = {
    kind: 'calendar#events',
    etag: `"i${store.seq}"`,
    summary: store.meta.summary,
    updated: new Date(store.updatedMs).toISOString(),
    timeZone: query.timeZone ?? store.timeZone,
    accessRole: entry.accessRole,
    defaultReminders: entry.defaultReminders ?? [],
    ...(next < all.length && { nextPageToken: encodeToken(['i', eventId, next]) }),
    items: page.map((instance) => JSON.parse(renderResource(instance, view))),
  };
  return JSON.stringify(applyFieldsMask(head, query.fields));
}

function instancesOf(context: EventContext, eventId: string): EventResource[] {
  const { state, store } = context;
  const found = resolveEvent(store, eventId);
  if (found.resource.recurringEventId !== undefined) return [found.resource];
  const { record } = found;
  if (!record || !record.current.resource.recurrence) {
    throw new GoogleError(400, {
      domain: 'calendar',
      reason: 'invalidRecurringEvent',
      message: 'The event is not a recurring event.',
    });
  }
  if (record.current.resource.status === 'cancelled') return [];
  const toMs = state.nowMs() + state.knobs.page.instanceHorizonDays * DAY_MS;
  const range = { fromMs: -Infinity, toMs: Math.max(toMs, eventTimeMs(found.resource.start!) + 1) };
  const exceptions = [...store.childrenOf(record.id)]
    .filter(({ current }) => !current.orphaned)
    .map(({ current }) => current.resource);
  return [...unmodifiedInstances(store, record, record.current, range, store.seq), ...exceptions].toSorted(
    (a, b) => originalStartMs(a) - originalStartMs(b),
  );
}

function readOffset(pageToken: string, eventId: string): number {
  const [kind, id, offset] = decodeToken(pageToken) ?? [];
  if (kind !== 'i' || id !== eventId || typeof offset !== 'number') {
    throw invalidParameter('pageToken', 'Invalid page token value.');
  }
  return offset;
}

function startMsOf(originalStart: string | string[]): number {
  const text = String(originalStart);
  return eventTimeMs(text.includes('T') ? { dateTime: text } : { date: text });
}
