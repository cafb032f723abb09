import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toMs } from '../../../calendar/event-time.ts';
import { toEventChange } from '../../../calendar/event-row.ts';
import { googleEventsPageSchema } from '../../../calendar/google-event.ts';
import { propertyRuns, row } from './fixtures.ts';

const nine = { dateTime: '2026-01-05T09:00:00+01:00', timeZone: 'Europe/Berlin' };
const ten = { dateTime: '2026-01-05T10:00:00+01:00', timeZone: 'Europe/Berlin' };

describe('toEventChange', () => {
  it('keeps the instant and the zone of a timed event', () => {
    const { start, end, kind, eventType } = row({ id: 'a', start: nine, end: ten });
    expect(start).toEqual({ dateTime: '2026-01-05T08:00:00Z', timeZone: 'Europe/Berlin' });
    expect(end).toEqual({ dateTime: '2026-01-05T09:00:00Z', timeZone: 'Europe/Berlin' });
    expect({ kind, eventType }).toEqual({ kind: 'single', eventType: 'default' });
  });

  it('keeps all-day events as dates with an exclusive end (pitfall 12)', () => {
    const { start, end } = row(
      { id: 'a', start: { date: '2026-01-05' }, end: { date: '2026-01-07' } },
      'Asia/Tokyo',
    );
    expect([start, end]).toEqual([{ date: '2026-01-05' }, { date: '2026-01-07' }]);
  });

  it.each([undefined, { date: '2026-01-05' }, { date: '2026-01-04' }, { dateTime: '2026-01-06T00:00:00Z' }])(
    'gives an all-day event whose end is %j one day (pitfall 12)',
    (end) => {
      expect(row({ id: 'a', start: { date: '2026-01-05' }, end }).end).toEqual({ date: '2026-01-06' });
    },
  );

  it('never lets a timed event end before it starts', () => {
    const { start, end } = row({ id: 'a', start: ten, end: nine });
    expect(end).toEqual(start);
  });

  it.each(['Mars/Olympus', '', undefined])('replaces the zone %j by the calendar’s', (timeZone) => {
    const { start } = row(
      { id: 'a', start: { dateTime: '2026-07-01T09:00:00Z', timeZone } },
      'America/New_York',
    );
    expect(start).toEqual({ dateTime: '2026-07-01T09:00:00Z', timeZone: 'America/New_York' });
  });

  it.each([
    ['GMT+02:00', '+02:00'],
    ['GMT-05:00', '-05:00'],
    ['gmt+2', '+02:00'],
    ['UTC+2', '+02:00'],
    ['UTC-3', '-03:00'],
    ['UTC+05:30', '+05:30'],
    ['UTC\u221205:00', '-05:00'],
    ['+02:00', '+02:00'],
    ['+0200', '+02:00'],
    ['-03', '-03:00'],
    ['UTC', 'UTC'],
    ['Z', 'UTC'],
    ['GMT+00:00', 'UTC'],
    ['Etc/GMT-3', 'Etc/GMT-3'],
    ['europe/berlin', 'Europe/Berlin'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
    ['US/Pacific', 'US/Pacific'],
    ['"Europe/Berlin"', 'Europe/Berlin'],
    ['"GMT+02:00"', '+02:00'],
    ['/mozilla.org/20050126_1/Europe/Berlin', 'Europe/Berlin'],
    ['/softwarestudio.org/Olson_20011030_5/America/Argentina/Buenos_Aires', 'America/Argentina/Buenos_Aires'],
    ['tzone://Microsoft/Utc', 'UTC'],
    ['Eastern Standard Time', 'America/New_York'],
    ['W. Europe Standard Time', 'Europe/Berlin'],
    ['"w. europe standard time"', 'Europe/Berlin'],
  ])('reads the zone %j as %s', (timeZone, expected) => {
    const { start } = row(
      { id: 'a', start: { dateTime: '2026-07-01T09:00:00Z', timeZone } },
      'Australia/Lord_Howe',
    );
    expect(start).toEqual({ dateTime: '2026-07-01T09:00:00Z', timeZone: expected });
  });

  it('takes the offset of a time whose zone is unknown, before the calendar’s zone', () => {
    const start = { dateTime: '2026-07-01T09:00:00+02:00', timeZone: 'Customized Time Zone' };
    expect(row({ id: 'a', start }, 'Europe/Berlin').start).toEqual({
      dateTime: '2026-07-01T07:00:00Z',
      timeZone: '+02:00',
    });
  });

  it.each([
    ['1604-02-29T00:00:00+00:53', 'Europe/Berlin', '1604-02-28T23:06:32Z'],
    ['1880-05-01T12:00:00-04:56', 'America/New_York', '1880-05-01T16:56:02Z'],
    ['1971-05-01T12:00:00-00:44', 'Africa/Monrovia', '1971-05-01T12:44:30Z'],
    ['1880-05-01T12:00:00+02:00', 'America/New_York', '1880-05-01T10:00:00Z'],
  ])('reads %s in %s by the wall clock, whose offset has seconds', (dateTime, timeZone, instant) => {
    expect(row({ id: 'a', start: { dateTime, timeZone } }).start).toEqual({ dateTime: instant, timeZone });
  });

  it('reads a time without an offset on the wall clock of its zone', () => {
    const { start } = row({ id: 'a', start: { dateTime: '2026-07-01T09:00:00', timeZone: 'Europe/Berlin' } });
    expect(start).toMatchObject({ dateTime: '2026-07-01T07:00:00Z' });
  });

  it('falls back to UTC when even the calendar’s zone is unknown', () => {
    expect(row({ id: 'a', start: { dateTime: '2026-07-01T09:00:00' } }, 'Nowhere').start).toEqual({
      dateTime: '2026-07-01T09:00:00Z',
      timeZone: 'UTC',
    });
  });

  it('looks at the status before anything else (pitfall 9)', () => {
    expect(toEventChange({ id: 'a', status: 'cancelled' }, 'UTC')).toEqual({
      op: 'delete',
      googleEventId: 'a',
    });
  });

  it('deletes a cancelled series, also one that comes with all its details (pitfall 10)', () => {
    const series = { id: 's', status: 'cancelled', start: nine, end: ten, recurrence: ['RRULE:FREQ=DAILY'] };
    expect(toEventChange(series, 'UTC')).toEqual({ op: 'delete', googleEventId: 's' });
  });

  it('keeps a bare cancelled exception, because it hides an occurrence (pitfall 8)', () => {
    const change = row({
      id: 's_20260105T080000Z',
      status: 'cancelled',
      recurringEventId: 's',
      originalStartTime: nine,
    });
    expect(change).toMatchObject({
      kind: 'exception',
      status: 'cancelled',
      seriesId: 's',
      originalStart: { dateTime: '2026-01-05T08:00:00Z' },
      start: null,
      end: null,
      traits: ['free'],
    });
  });

  it.each([
    ['s_20260105T080000Z', { dateTime: '2026-01-05T08:00:00Z', timeZone: 'Europe/Berlin' }],
    ['_60q30c1g_20260105', { date: '2026-01-05' }],
    ['s_R20250101T080000_20260105T080000Z', { dateTime: '2026-01-05T08:00:00Z', timeZone: 'Europe/Berlin' }],
  ])('reads the original start out of the ID %s where it is missing', (id, originalStart) => {
    expect(row({ id, status: 'cancelled', recurringEventId: 's' }, 'Europe/Berlin').originalStart).toEqual(
      originalStart,
    );
  });

  it('deletes a cancelled exception that names no occurrence', () => {
    const event = { id: 's_R20260105T080000', status: 'cancelled', recurringEventId: 's' };
    expect(toEventChange(event, 'UTC')).toEqual({ op: 'delete', googleEventId: event.id });
  });

  it('brings a cancelled event back when it is confirmed again', () => {
    expect(toEventChange({ id: 'a', status: 'confirmed', start: nine, end: ten }, 'UTC').op).toBe('upsert');
  });

  it.each([
    undefined,
    {},
    { date: '2026-02-30' },
    { dateTime: 'tomorrow' },
    { dateTime: '2026-13-01T00:00:00Z' },
    { dateTime: '9999-12-31T23:59:59-12:00' },
    { date: '0000-12-31' },
  ])('skips an event that starts at %j instead of failing the sync', (start) => {
    const change = toEventChange({ id: 'a', start }, 'UTC');
    expect(change).toEqual({ op: 'skip', googleEventId: 'a', reason: 'missing-or-invalid-start' });
  });

  it('turns any item into a change, and the same change every time', () => {
    const time = fc.record(
      {
        date: fc.oneof(fc.constantFrom('2026-01-05', '2026-02-30', '0001-01-01', '9999-12-31'), fc.string()),
        dateTime: fc.oneof(
          fc.constantFrom('2026-01-05T09:00:00Z', '1604-02-29T00:00:00+00:53', '9999-12-31T23:59:59-12:00'),
          fc.string(),
        ),
        timeZone: fc.oneof(fc.constantFrom('Europe/Berlin', 'Pacific Standard Time'), fc.string()),
      },
      { requiredKeys: [] },
    );
    const fields = {
      id: fc.oneof(fc.constantFrom('a', 's_20260105', 's_20269999T999999Z', ''), fc.string()),
      status: fc.oneof(fc.constantFrom('confirmed', 'tentative', 'cancelled'), fc.anything()),
      updated: fc.oneof(fc.constantFrom('2026-01-05T09:00:00.123Z'), fc.string()),
      summary: fc.string(),
      start: fc.option(time),
      end: fc.option(time),
      originalStartTime: fc.option(time),
      recurrence: fc.oneof(fc.array(fc.string()), fc.constantFrom(['RRULE:FREQ=DAILY'], ['RRULE:'])),
      recurringEventId: fc.option(fc.string()),
      attendees: fc.array(
        fc.record({ self: fc.boolean(), responseStatus: fc.constantFrom('declined', 'accepted') }),
      ),
    };
    const item = fc.oneof(
      { weight: 9, arbitrary: fc.record(fields, { requiredKeys: ['id'] }) },
      { weight: 1, arbitrary: fc.anything() },
    );
    fc.assert(
      fc.property(item, fc.constantFrom('UTC', 'America/New_York', 'Nowhere'), (anything, timeZone) => {
        const event = googleEventsPageSchema.parse({ items: [anything] }).items[0]!;
        const change = toEventChange(event, timeZone);
        expect(toEventChange(event, timeZone)).toEqual(change);
        if (change.op !== 'upsert') return;
        expect(toEventChange(change.row.resource, timeZone)).toEqual(change);
        const { start, end, status } = change.row;
        expect(start === null).toBe(end === null);
        if (start && end) expect(toMs(end)).toBeGreaterThanOrEqual(toMs(start));
        else expect(status).toBe('cancelled');
      }),
      { numRuns: propertyRuns(2_000) },
    );
  });
});
