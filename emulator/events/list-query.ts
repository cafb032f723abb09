import { parseFieldsMask, type FieldsMask } from '../http/fields-mask.ts';
import { GoogleError, invalidParameter } from '../http/google-error.ts';
import { dateTimeToMs } from '../recurrence/event-time.ts';
import { isTimeZone } from '../recurrence/zones.ts';
import { digest } from '../state/opaque-token.ts';

const DEFAULT_PAGE_SIZE = 250;
const MAX_PAGE_SIZE = 2500;
/** Google refuses these beside a sync token. */
const FORBIDDEN_WITH_SYNC_TOKEN = [
  'iCalUID',
  'orderBy',
  'privateExtendedProperty',
  'sharedExtendedProperty',
  'q',
  'timeMin',
  'timeMax',
  'updatedMin',
] as const;

/** A query string as fastify parses it: repeated parameters become arrays. */
export type RawQuery = Record<string, string | string[] | undefined>;

/** Parameters of events.list, read and checked. */
export interface ListQuery {
  maxResults: number;
  singleEvents: boolean;
  showDeleted: boolean;
  orderBy: 'startTime' | 'updated' | undefined;
  eventTypes: string[];
  iCalUID: string | undefined;
  maxAttendees: number | undefined;
  privateExtendedProperties: string[];
  sharedExtendedProperties: string[];
  q: string | undefined;
  timeMinMs: number | undefined;
  timeMaxMs: number | undefined;
  updatedMinMs: number | undefined;
  timeZone: string | undefined;
  syncToken: string | undefined;
  pageToken: string | undefined;
  fields: FieldsMask | undefined;
  fieldsText: string;
  /** Digest of the parameters that requests with the sync token must repeat. */
  syncParams: string;
  /** Digest of all parameters except the page token, which the next page must repeat. */
  pageParams: string;
}

export function parseListQuery(raw: RawQuery): ListQuery {
  const syncToken = one(raw, 'syncToken');
  if (syncToken !== undefined) {
    for (const name of FORBIDDEN_WITH_SYNC_TOKEN) {
      if (raw[name] !== undefined) throw syncTokenRestriction(name);
    }
    if (one(raw, 'showDeleted') === 'false') throw syncTokenRestriction('showDeleted');
  }
  const timeMinMs = moment(raw, 'timeMin');
  const timeMaxMs = moment(raw, 'timeMax');
  if (timeMinMs !== undefined && timeMaxMs !== undefined && timeMaxMs <= timeMinMs) {
    throw new GoogleError(400, {
      domain: 'calendar',
      reason: 'timeRangeEmpty',
      message: 'The specified time range is empty.',
      locationType: 'parameter',
      location: 'timeMax',
    });
  }
  const singleEvents = flag(raw, 'singleEvents');
  const orderBy = one(raw, 'orderBy');
  if (orderBy !== undefined && orderBy !== 'updated' && !(orderBy === 'startTime' && singleEvents)) {
    throw invalidParameter('orderBy', 'The requested ordering is not available for the particular query.');
  }
  const timeZone = one(raw, 'timeZone');
  if (timeZone !== undefined && !isTimeZone(timeZone)) {
    throw invalidParameter('timeZone', 'Invalid time zone definition.');
  }
  const fieldsText = one(raw, 'fields') ?? '';
  const { pageToken: _page, syncToken: _sync, maxResults: _max, ...rest } = raw;
  return {
    maxResults: Math.min(wholeNumber(raw, 'maxResults') ?? DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE),
    singleEvents,
    showDeleted: flag(raw, 'showDeleted'),
    orderBy,
    eventTypes: many(raw, 'eventTypes'),
    iCalUID: one(raw, 'iCalUID'),
    maxAttendees: wholeNumber(raw, 'maxAttendees'),
    privateExtendedProperties: many(raw, 'privateExtendedProperty'),
    sharedExtendedProperties: many(raw, 'sharedExtendedProperty'),
    q: one(raw, 'q')?.toLowerCase(),
    timeMinMs,
    timeMaxMs,
    updatedMinMs: moment(raw, 'updatedMin'),
    timeZone,
    syncToken,
    pageToken: one(raw, 'pageToken'),
    fields: fieldsText === '' ? undefined : parseFieldsMask(fieldsText),
    fieldsText,
    syncParams: digest([
      many(raw, 'eventTypes').toSorted(),
      one(raw, 'maxAttendees') ?? '',
      flag(raw, 'showHiddenInvitations'),
      singleEvents,
      timeZone ?? '',
    ]),
    pageParams: digest(
      [...Object.entries(rest), ['syncToken', syncToken]].toSorted((a, b) => (a[0]! < b[0]! ? -1 : 1)),
    ),
  };
}

export function one(raw: RawQuery, name: string): string | undefined {
  const value = raw[name];
  return Array.isArray(value) ? value.at(-1) : value;
}

function many(raw: RawQuery, name: string): string[] {
  const value = raw[name];
  return value === undefined ? [] : Array.isArray(value) ? value : [value];
}

export function flag(raw: RawQuery, name: string): boolean {
  const value = one(raw, name);
  if (value === undefined || value === 'false' || value === '0') return false;
  if (value === 'true' || value === '1' || value === '') return true;
  throw invalidParameter(name, `Invalid boolean value: '${value}'.`);
}

export function wholeNumber(raw: RawQuery, name: string): number | undefined {
  const value = one(raw, name);
  if (value === undefined) return undefined;
  if (!/^[1-9]\d{0,8}$/.test(value)) throw invalidParameter(name, `Invalid integer value: '${value}'.`);
  return Number(value);
}

function moment(raw: RawQuery, name: string): number | undefined {
  const value = one(raw, name);
  if (value === undefined) return undefined;
  const ms = dateTimeToMs(value);
  if (Number.isNaN(ms)) {
    throw new GoogleError(400, { domain: 'global', reason: 'badRequest', message: 'Bad Request' });
  }
  return ms;
}

function syncTokenRestriction(location: string): GoogleError {
  return invalidParameter(
    location,
    location === 'orderBy'
      ? 'Sync token cannot be used with a non-default ordering.'
      : 'Sync token cannot be used with other request restrictions.',
  );
}
