import ICAL from 'ical.js';
import { commitChange, commitNew, keptFields } from '../events/commit-event.ts';
import { idOfICalUid } from '../events/event-ids.ts';
import type { EventContext } from '../events/event-context.ts';
import { normalizeEvent } from '../events/normalize-event.ts';
import { normalizeTime } from '../events/normalize-time.ts';
import { AdminInputError } from '../admin/checked.ts';
import { eventTimeMs, msToDate } from '../recurrence/event-time.ts';
import { instanceId } from '../recurrence/instance-id.ts';
import { epochToWallMs, isTimeZone } from '../recurrence/zones.ts';
import type { EventResource, EventTime } from '../state/types.ts';
import { readEvent, type ReadEvent } from './read-event.ts';
import { ianaZone } from './zone-names.ts';

/** Lines that some exporters leave empty and the parser refuses. */
const EMPTY_LINE = /^(RRULE|EXRULE|RDATE|EXDATE|DTEND|DURATION|RECURRENCE-ID)[^:\r\n]*:[ \t]*\r?\n/gim;

/** Imports the events of an iCalendar text into a calendar; returns how many there were. */
export function importIcs(context: EventContext, icsText: string): number {
  const { state, store } = context;
  let imported = 0;
  for (const calendar of parse(icsText)) {
    const declared = calendar.getFirstPropertyValue('x-wr-timezone');
    const floatingZone = typeof declared === 'string' && isTimeZone(declared) ? declared : store.timeZone;
    const events = calendar
      .getAllSubcomponents('vevent')
      .flatMap((component) => readEvent(component, (tzid) => ianaZone(tzid, calendar), floatingZone) ?? []);
    // Series first, because an exception needs its series and may precede it in the file.
    for (const event of events) if (!event.recurrenceId) imported += saveEvent(context, event);
    for (const event of events)
      if (event.recurrenceId) imported += saveException(context, event, event.recurrenceId);
  }
  state.notifyChanged(store);
  return imported;
}

function parse(icsText: string): ICAL.Component[] {
  try {
    const parsed = ICAL.parse(`${icsText.trim()}\r\n`.replace(EMPTY_LINE, ''));
    // oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the parser's types forget files of several calendars.
    const calendars = (typeof parsed[0] === 'string' ? [parsed] : parsed) as unknown as ConstructorParameters<
      typeof ICAL.Component
    >[0][];
    return calendars.map((jCal) => new ICAL.Component(jCal));
  } catch {
    throw new AdminInputError('importIcs: argument 3: must be iCalendar text (RFC 5545).');
  }
}

function saveEvent(context: EventContext, { uid, cancelled, input }: ReadEvent): number {
  if (cancelled) return 0;
  const id = idOfICalUid(uid);
  save(context, { ...normalizeEvent(context, input), id, iCalUID: uid });
  return 1;
}

function saveException(
  context: EventContext,
  { uid, cancelled, input }: ReadEvent,
  recurrenceId: EventTime,
): number {
  const { store } = context;
  const masterId = idOfICalUid(uid);
  const master = store.records.get(masterId)?.current.resource;
  const { recurrence: _recurrence, ...fields } = normalizeEvent(context, { ...input, recurrence: undefined });
  if (!master?.recurrence) {
    if (cancelled) return 0;
    const allDay = recurrenceId.date !== undefined;
    save(context, { ...fields, id: instanceId(masterId, eventTimeMs(recurrenceId), allDay), iCalUID: uid });
    return 1;
  }
  const original = likeSeries(recurrenceId, master.start!);
  const originalStartTime = normalizeTime(original, 'original start', store.timeZone, false);
  save(context, {
    ...fields,
    id: instanceId(masterId, eventTimeMs(original), original.date !== undefined),
    status: cancelled ? 'cancelled' : fields.status,
    iCalUID: uid,
    recurringEventId: masterId,
    originalStartTime,
  });
  return 1;
}

/** A RECURRENCE-ID of another kind (date or date-time) than the series' start means that day's occurrence. */
function likeSeries(recurrenceId: EventTime, start: EventTime): EventTime {
  if (start.date !== undefined && recurrenceId.dateTime !== undefined) {
    return { date: msToDate(epochToWallMs(recurrenceId.timeZone ?? 'UTC', eventTimeMs(recurrenceId))) };
  }
  if (start.dateTime !== undefined && recurrenceId.date !== undefined) {
    const timeZone = start.timeZone ?? 'UTC';
    const wallTime = new Date(epochToWallMs(timeZone, eventTimeMs(start))).toISOString().slice(11, 19);
    return { dateTime: `${recurrenceId.date}T${wallTime}`, timeZone };
  }
  return { ...recurrenceId, ...(start.timeZone !== undefined && { timeZone: start.timeZone }) };
}

function save(context: EventContext, event: EventResource): void {
  const former = context.store.records.get(event.id)?.current.resource;
  if (former) commitChange(context, former, { ...keptFields(former), ...event });
  else commitNew(context, event);
}
