import { fullSyncRequired, invalidParameter } from '../http/google-error.ts';
import { dropExpiredSnapshots } from '../state/snapshots.ts';
import { decodeToken, digest, encodeToken } from '../state/opaque-token.ts';
import type { EventContext } from './event-context.ts';
import type { ListQuery } from './list-query.ts';

/**
 * Start of a page. Page tokens hold nothing else: no event, no filter and no ID, which may be an e-mail
 * address.
 */
export interface PageCursor {
  snapshot: number;
  position: number;
  pageNumber: number;
  /** Whether the previous page was made empty; two in a row would never end. */
  afterEmptyPage: boolean;
}

export function writeSyncToken(context: EventContext, query: ListQuery, snapshot: number): string {
  const { store, entry } = context;
  return encodeToken([
    's',
    digest(store.meta.id),
    store.tokenEpoch,
    entry.tokenEpoch,
    snapshot,
    query.syncParams,
  ]);
}

/** Change number in the sync token. An invalid token throws 410, as Google does. */
export function readSyncToken(context: EventContext, query: ListQuery): number | undefined {
  if (query.syncToken === undefined) return undefined;
  const { state, store, entry } = context;
  const [kind, calendar, storeEpoch, entryEpoch, seq, params] = decodeToken(query.syncToken) ?? [];
  if (
    kind !== 's' ||
    calendar !== digest(store.meta.id) ||
    storeEpoch !== store.tokenEpoch ||
    entryEpoch !== entry.tokenEpoch ||
    typeof seq !== 'number' ||
    seq > store.seq
  ) {
    throw fullSyncRequired();
  }
  if (params !== query.syncParams && state.knobs.page.rejectMismatchedParams) {
    throw invalidParameter('syncToken', 'The request parameters differ from those of the initial request.');
  }
  return seq;
}

export function writePageToken(context: EventContext, query: ListQuery, cursor: PageCursor): string {
  const { store } = context;
  return encodeToken([
    'p',
    digest(store.meta.id),
    store.pageEpoch,
    cursor.snapshot,
    cursor.position,
    cursor.pageNumber,
    cursor.afterEmptyPage ? 1 : 0,
    query.pageParams,
  ]);
}

/** Reads the page token. A malformed or expired one, or one from another query, throws 400. */
export function readPageToken(context: EventContext, query: ListQuery): PageCursor | undefined {
  if (query.pageToken === undefined) return undefined;
  const { state, store } = context;
  const [kind, calendar, epoch, snapshot, position, pageNumber, afterEmptyPage, params] =
    decodeToken(query.pageToken) ?? [];
  dropExpiredSnapshots(store.snapshots, state.nowMs());
  if (
    kind !== 'p' ||
    calendar !== digest(store.meta.id) ||
    epoch !== store.pageEpoch ||
    params !== query.pageParams ||
    typeof snapshot !== 'number' ||
    typeof position !== 'number' ||
    (!store.snapshots.has(snapshot) && snapshot !== store.seq)
  ) {
    throw invalidParameter('pageToken', 'Invalid page token value.');
  }
  return { snapshot, position, pageNumber: Number(pageNumber), afterEmptyPage: afterEmptyPage === 1 };
}
