import { flag, one, wholeNumber, type RawQuery } from '../events/list-query.ts';
import { fullSyncRequired, invalidParameter } from '../http/google-error.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EmulatorState } from '../state/emulator-state.ts';
import { decodeToken, digest, encodeToken } from '../state/opaque-token.ts';
import type { CalendarListEntry, User } from '../state/types.ts';

const DEFAULT_PAGE_SIZE = 100;
const MAX_PAGE_SIZE = 250;
const ROLES: readonly string[] = [
  'freeBusyReader',
  'reader',
  'writerWithoutPrivateAccess',
  'writer',
  'owner',
];

/** Answers calendarList.list. */
export function listCalendars(state: EmulatorState, user: User, raw: RawQuery) {
  const syncToken = one(raw, 'syncToken');
  const minRole = one(raw, 'minAccessRole');
  if (minRole !== undefined && !ROLES.includes(minRole)) {
    throw invalidParameter('minAccessRole', `Invalid string value: '${minRole}'.`);
  }
  if (syncToken !== undefined) refuseRestrictions(raw);
  const afterSeq = syncToken === undefined ? undefined : readToken(user, syncToken);
  const { snapshot, offset } = readPage(user, raw);
  const showDeleted = flag(raw, 'showDeleted') || afterSeq !== undefined;
  const showHidden = flag(raw, 'showHidden') || afterSeq !== undefined;
  const entries = [...user.entries.values()]
    .filter((entry) => entry.seq > (afterSeq ?? 0) && entry.seq <= snapshot)
    .filter((entry) => (showDeleted || !entry.deleted) && (showHidden || !entry.hidden || entry.deleted))
    .filter(({ accessRole }) => minRole === undefined || ROLES.indexOf(accessRole) >= ROLES.indexOf(minRole));

  const limit = Math.min(wholeNumber(raw, 'maxResults') ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const page = entries.slice(offset, offset + limit);
  const next = offset + page.length;
  return {
    kind: 'calendar#calendarList',
    etag: `"p${digest([user.email, user.listSeq])}"`,
    ...(next < entries.length
      ? { nextPageToken: encodeToken(['lp', user.email, snapshot, next]) }
      : { nextSyncToken: encodeToken(['ls', user.email, user.listEpoch, snapshot]) }),
    items: page.flatMap((entry) => {
      const store = state.calendars.get(entry.calendarId);
      return store ? [calendarListEntry(store, entry)] : [];
    }),
  };
}

/** An entry in the API's format; a removed one has little more than its ID. */
export function calendarListEntry(store: CalendarStore, entry: CalendarListEntry) {
  const { meta } = store;
  const base = {
    kind: 'calendar#calendarListEntry',
    etag: `"${1_700_000_000_000_000 + entry.seq}"`,
    id: meta.id,
  };
  if (entry.deleted) return { ...base, deleted: true };
  return {
    ...base,
    summary: meta.summary,
    ...(meta.description !== undefined && { description: meta.description }),
    ...(meta.location !== undefined && { location: meta.location }),
    timeZone: meta.timeZone,
    ...(entry.summaryOverride !== undefined && { summaryOverride: entry.summaryOverride }),
    colorId: entry.colorId ?? '14',
    backgroundColor: '#9fe1e7',
    foregroundColor: '#000000',
    ...(entry.hidden && { hidden: true }),
    ...(entry.selected !== false && { selected: true }),
    accessRole: entry.accessRole,
    defaultReminders: entry.defaultReminders ?? [],
    ...(entry.primary && { primary: true }),
    conferenceProperties: { allowedConferenceSolutionTypes: ['hangoutsMeet'] },
  };
}

function refuseRestrictions(raw: RawQuery): void {
  for (const name of ['minAccessRole', 'showOwnOrganizationOnly']) {
    if (raw[name] !== undefined) {
      throw invalidParameter(name, 'Sync token cannot be used with other request restrictions.');
    }
  }
  for (const name of ['showDeleted', 'showHidden']) {
    if (one(raw, name) === 'false') {
      throw invalidParameter(name, 'Sync token cannot be used with other request restrictions.');
    }
  }
}

function readToken(user: User, syncToken: string): number {
  const [kind, email, epoch, seq] = decodeToken(syncToken) ?? [];
  if (
    kind !== 'ls' ||
    email !== user.email ||
    epoch !== user.listEpoch ||
    typeof seq !== 'number' ||
    seq > user.listSeq
  ) {
    throw fullSyncRequired();
  }
  return seq;
}

function readPage(user: User, raw: RawQuery): { snapshot: number; offset: number } {
  const pageToken = one(raw, 'pageToken');
  if (pageToken === undefined) return { snapshot: user.listSeq, offset: 0 };
  const [kind, email, snapshot, offset] = decodeToken(pageToken) ?? [];
  if (kind !== 'lp' || email !== user.email || typeof snapshot !== 'number' || typeof offset !== 'number') {
    throw invalidParameter('pageToken', 'Invalid page token value.');
  }
  return { snapshot, offset };
}
