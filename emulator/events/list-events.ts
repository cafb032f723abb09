import { GoogleError } from '../http/google-error.ts';
import { applyFieldsMask } from '../http/fields-mask.ts';
import { touchSnapshot } from '../state/snapshots.ts';
import { digest } from '../state/opaque-token.ts';
import type { EventContext } from './event-context.ts';
import { occurrenceListing, ordered } from './list-occurrences.ts';
import type { ListQuery } from './list-query.ts';
import { changedListing, fullListing, type ListedEvent } from './list-sources.ts';
import {
  readPageToken,
  readSyncToken,
  writePageToken,
  writeSyncToken,
  type PageCursor,
} from './list-tokens.ts';
import { renderRecord, renderResource, type EventView } from './view.ts';

const DAY_MS = 86_400_000;

/** Answers events.list: the body of one page. */
export function listEvents(context: EventContext, query: ListQuery): string {
  const { state, store } = context;
  refuseOldUpdatedMin(context, query);
  const afterSeq = readSyncToken(context, query);
  const cursor: PageCursor = readPageToken(context, query) ?? {
    snapshot: store.seq,
    position: firstPosition(query, afterSeq),
    pageNumber: 1,
    afterEmptyPage: false,
  };
  const { maxPageSize, emptyPageEvery } = state.knobs.page;
  const emptied = emptyPageEvery > 0 && !cursor.afterEmptyPage && cursor.pageNumber % emptyPageEvery === 0;
  const limit = emptied ? 0 : Math.min(query.maxResults, maxPageSize);

  const view = viewOf(context, query);
  const items: string[] = [];
  let places = 0;
  let position = cursor.position;
  let hasMore = emptied;
  for (const item of sourceOf(context, query, cursor, afterSeq)) {
    if (places === limit) {
      hasMore = true;
      break;
    }
    places += 1;
    position = item.position;
    if (!item.hidden) items.push(renderItem(item, view));
  }

  const next = { ...cursor, position, pageNumber: cursor.pageNumber + 1, afterEmptyPage: emptied };
  if (hasMore) touchSnapshot(store.snapshots, cursor.snapshot, state.nowMs());
  return pageBody(context, query, items, {
    ...(hasMore && { nextPageToken: writePageToken(context, query, next) }),
    ...(!hasMore &&
      query.orderBy === undefined && { nextSyncToken: writeSyncToken(context, query, cursor.snapshot) }),
  });
}

/** This caller's view of the calendar's events. */
export function viewOf(
  context: EventContext,
  query: Pick<ListQuery, 'timeZone' | 'maxAttendees' | 'fields' | 'fieldsText'>,
): EventView {
  const { state, store, entry, email } = context;
  const itemsMask = query.fields?.get('*') ?? query.fields?.get('items');
  const zone = query.timeZone ?? store.timeZone;
  const { richTombstones } = state.knobs.page;
  return {
    key: [entry.accessRole, email, zone, query.maxAttendees ?? '', richTombstones, query.fieldsText].join(
      '|',
    ),
    role: entry.accessRole,
    email,
    zone,
    storedZone: query.timeZone === undefined ? zone : '',
    maxAttendees: query.maxAttendees,
    itemMask: itemsMask ?? true,
    richTombstones,
  };
}

function firstPosition(query: ListQuery, afterSeq: number | undefined): number {
  return isMaterialised(query) ? 0 : (afterSeq ?? 0);
}

/** Listings that need every item before they can send the first one. */
function isMaterialised(query: ListQuery): boolean {
  return query.singleEvents || query.orderBy !== undefined;
}

function sourceOf(
  context: EventContext,
  query: ListQuery,
  cursor: PageCursor,
  afterSeq: number | undefined,
): Iterable<ListedEvent> {
  const { state, store } = context;
  const { snapshot, position } = cursor;
  if (!isMaterialised(query)) {
    return afterSeq === undefined
      ? fullListing(store, query, snapshot, position)
      : changedListing(store, query, snapshot, position);
  }
  const horizonMs = state.nowMs() + state.knobs.page.instanceHorizonDays * DAY_MS;
  const items = query.singleEvents
    ? occurrenceListing(store, query, snapshot, afterSeq, horizonMs)
    : ordered([...fullListing(store, query, snapshot, 0)], query, store.timeZone);
  return items.slice(position);
}

function renderItem(item: ListedEvent, view: EventView): string {
  return item.record && item.record.current === item.version
    ? renderRecord(item.record, item.version, view)
    : renderResource(item.version.resource, view);
}

/** Joins the items' JSON by hand: a page of 2,500 is rendered once and then only concatenated. */
function pageBody(
  context: EventContext,
  query: ListQuery,
  items: string[],
  tokens: { nextPageToken?: string; nextSyncToken?: string },
): string {
  const { store, entry } = context;
  const head = {
    kind: 'calendar#events',
    etag: `"p${digest([store.seq, entry.accessRole])}"`,
    summary: store.meta.summary,
    ...(store.meta.description !== undefined && { description: store.meta.description }),
    updated: new Date(store.updatedMs).toISOString(),
    timeZone: query.timeZone ?? store.timeZone,
    accessRole: entry.accessRole,
    defaultReminders: entry.defaultReminders ?? [],
    ...tokens,
  };
  const json = JSON.stringify(applyFieldsMask(head, query.fields));
  if (query.fields && !query.fields.has('items') && !query.fields.has('*')) return json;
  const separator = json === '{}' ? '' : ',';
  return `${json.slice(0, -1)}${separator}"items":[${items.join(',')}]}`;
}

function refuseOldUpdatedMin(context: EventContext, query: ListQuery): void {
  const { state } = context;
  const oldestMs = state.nowMs() - state.knobs.page.updatedMinMaxAgeDays * DAY_MS;
  if (query.updatedMinMs === undefined || query.updatedMinMs >= oldestMs) return;
  throw new GoogleError(410, {
    domain: 'calendar',
    reason: 'updatedMinTooLongAgo',
    message: 'The requested minimum modification time lies too far in the past.',
    locationType: 'parameter',
    location: 'updatedMin',
  });
}
