import { isAllDay, parseEventTime, toMs, type EventTime } from '../../calendar/event-time.ts';
import { type EventRow, toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import { editSeries, instanceId, splitSeries } from '../../calendar/series-edit.ts';
import type { SeriesScope } from '../../contracts/writing.ts';
import { ownEventId } from '../planning/write-back/own-event-id.ts';
import type { EventChanges, Write } from './event-input.ts';
import { type Content, contentOf, googleTime, keepAnswers } from './google-content.ts';
import type { Target } from './targets.ts';
import type { PendingWrite, Refused, Step } from './write-rows.ts';

/** What the steps of a write are computed from. */
export interface StepSource {
  /** Zone of the calendar, for events without one. */
  timeZone: string;
  /** Reads the event from Google; null where there is none, or it was deleted. */
  read: (googleEventId: string) => Promise<GoogleEvent | null>;
  /** Exceptions of a series, as the mirror holds them. */
  exceptions: (seriesId: string) => Promise<EventRow[]>;
}

/** More changed occurrences are not taken along when a series is split: each costs a request. */
const MOST_MOVED_EXCEPTIONS = 100;

/** Google ID of the event that a step of a write inserts. */
export function ownEventIdOf(writeId: string, step = 0): string {
  return ownEventId(writeId, step);
}

const GONE: Refused = { refusal: 'gone' };

/** The requests that a write takes, or why it cannot be made. */
export async function planSteps(write: PendingWrite, source: StepSource): Promise<Step[] | Refused> {
  const { write: asked, target, timeZone } = write.request;
  if (asked.operation === 'create') {
    const content = contentOf(asked, timeZone, write.id);
    return [{ kind: 'insert', googleEventId: ownEventIdOf(write.id), content }];
  }
  if (target === null) return GONE;
  const etag = asked.operation === 'answer' ? undefined : asked.ifMatch;
  if (etag !== undefined) {
    const found = await source.read(target.googleEventId);
    if (found === null) return GONE;
    if (found.etag !== etag) return { refusal: 'changed', version: found.etag ?? null };
  }
  switch (asked.operation) {
    case 'answer':
      return planAnswer(asked, target, source);
    case 'delete':
      return planDeletion(asked.series, target, etag, source);
    case 'change':
      return planChange(write, asked, target, source);
  }
}

/** The item that a write of this scope is about. A plain occurrence has an ID of its own. */
function itemOf({ googleEventId, seriesId, originalStart }: Target, series: SeriesScope): string {
  if (seriesId === null || originalStart === null) return googleEventId;
  if (series === 'all') return seriesId;
  return googleEventId === seriesId ? instanceId(seriesId, originalStart) : googleEventId;
}

/** The version goes with the request only where the caller has read the very item. */
const expect = (etag: string | undefined, item: string, { googleEventId }: Target) =>
  etag !== undefined && item === googleEventId ? { etag } : {};

/** Google changes only the own answer of an event whose other guests are left out. */
async function planAnswer(
  { response, comment, series }: Extract<Write, { operation: 'answer' }>,
  target: Target,
  { read }: StepSource,
): Promise<Step[] | Refused> {
  const googleEventId = itemOf(target, series);
  const found = await read(googleEventId);
  if (found === null) return GONE;
  const own = found.attendees?.find(({ self }) => self === true);
  if (own === undefined) return { refusal: 'not-invited' };
  const { email } = own as { email?: string };
  const answer = { email, responseStatus: response, ...(comment !== undefined && { comment }) };
  return [{ kind: 'patch', googleEventId, content: { attendeesOmitted: true, attendees: [answer] } }];
}

async function planDeletion(
  series: SeriesScope,
  target: Target,
  etag: string | undefined,
  source: StepSource,
): Promise<Step[] | Refused> {
  const item = itemOf(target, series);
  if (series !== 'following' || target.seriesId === null)
    return [{ kind: 'delete', googleEventId: item, ...expect(etag, item, target) }];
  const split = await splitOf(target, source);
  if ('refusal' in split) return split;
  if (split.parts === null)
    return [{ kind: 'delete', googleEventId: target.seriesId, ...expect(etag, target.seriesId, target) }];
  const { recurrence } = split.parts.head;
  return [{ kind: 'patch', googleEventId: target.seriesId, content: { recurrence }, endsSeries: true }];
}

interface Split {
  master: GoogleEvent;
  row: EventRow;
  /** Null: nothing comes before the occurrence, so the whole series is meant. */
  parts: Exclude<ReturnType<typeof splitSeries>, { refusal: unknown }>;
}

async function splitOf(
  { seriesId, originalStart }: Target,
  source: StepSource,
  newStart?: EventTime,
  rhythm: ReturnType<typeof rhythmOf> = {},
): Promise<Split | Refused> {
  const found = await masterOf(seriesId, source);
  if (found === null || originalStart === null) return GONE;
  const exceptions = await source.exceptions(found.row.googleEventId);
  const parts = splitSeries(found.row, originalStart, exceptions, newStart, rhythm);
  if (parts !== null && 'refusal' in parts) return { refusal: parts.refusal };
  return { ...found, parts };
}

async function masterOf(
  seriesId: string | null,
  { read, timeZone }: StepSource,
): Promise<{ master: GoogleEvent; row: EventRow } | null> {
  const master = seriesId === null ? null : await read(seriesId);
  const change = master && toEventChange(master, timeZone);
  return master && change?.op === 'upsert' ? { master, row: change.row } : null;
}

async function planChange(
  write: PendingWrite,
  changes: EventChanges,
  target: Target,
  source: StepSource,
): Promise<Step[] | Refused> {
  const item = itemOf(target, changes.series);
  const planned =
    target.seriesId !== null && changes.series !== 'this'
      ? await planSeriesChange(write, changes, target, source)
      : await planPlainChange(write, changes, target, item, source);
  if (!Array.isArray(planned)) return planned;
  const { calendarId } = changes;
  const moves = calendarId !== undefined && calendarId !== write.calendarId;
  return moves ? [...planned, { kind: 'move', googleEventId: item, destination: calendarId }] : planned;
}

async function planPlainChange(
  write: PendingWrite,
  changes: EventChanges,
  target: Target,
  item: string,
  source: StepSource,
): Promise<Step[] | Refused> {
  const content = await withAnswers(
    changes,
    contentOf(changes, write.request.timeZone, write.id),
    item,
    source,
  );
  if (content === null) return GONE;
  if (Object.keys(content).length === 0) return [];
  return [{ kind: 'patch', googleEventId: item, content, ...expect(changes.ifMatch, item, target) }];
}

/** Guests who stay keep their answers, which only Google knows. */
async function withAnswers(
  { attendees }: EventChanges,
  content: Content,
  item: string,
  { read }: StepSource,
): Promise<Content | null> {
  if (!attendees?.length) return content;
  const found = await read(item);
  return found === null ? null : { ...content, attendees: keepAnswers(attendees, found) };
}

/** A rule and a zone that the caller gives in place of those of the series. */
function rhythmOf({ recurrence, timeZone }: EventChanges) {
  return { ...(recurrence && { recurrence }), ...(timeZone !== undefined && { timeZone }) };
}

async function planSeriesChange(
  write: PendingWrite,
  changes: EventChanges,
  target: Target,
  source: StepSource,
): Promise<Step[] | Refused> {
  const zone = changes.timeZone ?? write.request.timeZone;
  const time = (text: string | undefined) =>
    text === undefined ? undefined : (parseEventTime(googleTime(text, zone), zone) ?? undefined);
  const [newStart, newEnd] = [time(changes.start), time(changes.end)];
  const content = contentOf(changes, write.request.timeZone, write.id);
  if (changes.series === 'following') {
    const split = await splitOf(target, source, newStart, rhythmOf(changes));
    if ('refusal' in split) return split;
    if (split.parts !== null) return planSplit(write, changes, content, split, source, newEnd);
  }
  return planWhole(changes, content, target, source, newStart, newEnd);
}

/** A change of the whole series. New times are those of the occurrence, and shift all others along. */
async function planWhole(
  changes: EventChanges,
  content: Content,
  target: Target,
  source: StepSource,
  newStart: EventTime | undefined,
  newEnd: EventTime | undefined,
): Promise<Step[] | Refused> {
  const { seriesId, originalStart } = target;
  if (seriesId === null || originalStart === null) return GONE;
  let shifted: Content = {};
  if (newStart && newEnd) {
    const found = await masterOf(seriesId, source);
    if (found === null) return GONE;
    const edited = editSeries(found.row, originalStart, newStart, newEnd, rhythmOf(changes));
    if ('refusal' in edited) return { refusal: edited.refusal };
    shifted = {
      start: contentTime(edited.start, changes, found.row),
      end: contentTime(edited.end, changes, found.row),
      ...(changes.recurrence === undefined && { recurrence: edited.recurrence }),
    };
  }
  const whole = await withAnswers(changes, { ...content, ...shifted }, seriesId, source);
  if (whole === null) return GONE;
  if (Object.keys(whole).length === 0) return [];
  return [
    { kind: 'patch', googleEventId: seriesId, content: whole, ...expect(changes.ifMatch, seriesId, target) },
  ];
}

/** A time in the zone of the series, unless the caller gives another one: its rule runs in that zone. */
function contentTime(time: EventTime, { timeZone }: EventChanges, { start }: EventRow) {
  const own = start !== null && !isAllDay(start) ? start.timeZone : null;
  return isAllDay(time)
    ? googleTime(time.date, '')
    : googleTime(time.dateTime, timeZone ?? own ?? time.timeZone ?? 'UTC');
}

/** Fields of a series that its continuation does not take over: they are Google's, or its own. */
const NOT_COPIED = [
  'id',
  'etag',
  'kind',
  'status',
  'htmlLink',
  'created',
  'updated',
  'creator',
  'organizer',
  'iCalUID',
  'sequence',
  'recurringEventId',
  'originalStartTime',
  'hangoutLink',
  'privateCopy',
  'locked',
];

/**
 * A series that is continued with changes, as Google's own clients do it: the continuation is inserted, and
 * changed occurrences that it still has are changed in it as well. The old series ends last: until then a
 * refusal can be undone by deleting the continuation.
 */
async function planSplit(
  write: PendingWrite,
  changes: EventChanges,
  content: Content,
  { master, row, parts }: Split,
  source: StepSource,
  newEnd: EventTime | undefined,
): Promise<Step[] | Refused> {
  if (parts === null) return GONE;
  if (parts.moved.length > MOST_MOVED_EXCEPTIONS) return { refusal: 'rejected', reason: 'tooManyExceptions' };
  const copied = Object.fromEntries(Object.entries(master).filter(([field]) => !NOT_COPIED.includes(field)));
  const { start, end, recurrence } = parts.tail;
  const tail: Content = {
    ...(copied as Content),
    recurrence,
    ...content,
    start: contentTime(start, changes, row),
    end: contentTime(newEnd ?? end, changes, row),
  };
  const whole = await withAnswers(changes, tail, row.googleEventId, source);
  if (whole === null) return GONE;
  const tailId = ownEventIdOf(write.id);
  return [
    { kind: 'insert', googleEventId: tailId, content: withoutNulls(whole) },
    ...parts.moved.map(({ exception, originalStart }): Step => ({
      kind: 'patch',
      googleEventId: instanceId(tailId, originalStart),
      content: exceptionContent(exception, row),
      isQuiet: true,
    })),
    {
      kind: 'patch',
      googleEventId: row.googleEventId,
      content: { recurrence: parts.head.recurrence },
      endsSeries: true,
    },
  ];
}

/** What a person has changed about one occurrence: its times only if it was moved or resized. */
function exceptionContent(exception: EventRow, series: EventRow): Content {
  const { resource, start, end, originalStart } = exception;
  const { summary, description, location, transparency, visibility, colorId } = resource;
  const given = { summary, description, location, transparency, visibility, colorId };
  const zone = start !== null && !isAllDay(start) ? (start.timeZone ?? 'UTC') : 'UTC';
  const time = (at: EventTime) => googleTime(isAllDay(at) ? at.date : at.dateTime, zone);
  const isMoved = start !== null && originalStart !== null && toMs(start) !== toMs(originalStart);
  return {
    ...(Object.fromEntries(Object.entries(given).filter(([, value]) => value != null)) as Content),
    ...(start &&
      end &&
      (isMoved || lengthOf(exception) !== lengthOf(series)) && {
        start: time(start),
        end: time(end),
      }),
  };
}

const lengthOf = ({ start, end }: EventRow) => (start && end ? toMs(end) - toMs(start) : null);

/** A new event has no field to remove. */
function withoutNulls(content: Content): Content {
  return Object.fromEntries(Object.entries(content).filter(([, value]) => value !== null));
}
