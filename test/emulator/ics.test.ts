import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { EventTime } from '../../emulator/state/types.ts';
import { pythonHas, runPython } from '../support/python/run-python.ts';
import { ADA, start } from '../support/emulator/start.ts';

const REAL_CALENDARS =
  process.env['ALMANAC_REAL_CALENDARS'] ??
  fileURLToPath(new URL('../../../shared/calendars', import.meta.url));

const occurrences = z.array(z.object({ uid: z.string(), start: z.string(), end: z.string() }));
const FILES = ['machbar_16_feb_2019', 'fablab_cottbus', 'Germany_Holidays'];

const ics = (...lines: string[]) =>
  ['BEGIN:VCALENDAR', 'VERSION:2.0', 'PRODID:-//test//EN', ...lines, 'END:VCALENDAR', ''].join('\r\n');
const vevent = (...lines: string[]) => ['BEGIN:VEVENT', ...lines, 'END:VEVENT'];

describe('iCalendar import', () => {
  it('keeps recurrence, exceptions and zones', async () => {
    const { admin } = await start({}, 'UTC');
    const text = ics(
      'X-WR-TIMEZONE:Europe/Berlin',
      ...vevent(
        'UID:series1@example.org',
        'RECURRENCE-ID;TZID=Europe/Berlin:20260309T100000',
        'DTSTART;TZID=Europe/Berlin:20260310T120000',
        'DTEND;TZID=Europe/Berlin:20260310T130000',
        'SUMMARY:Moved',
      ),
      ...vevent(
        'UID:series1@example.org',
        'DTSTART;TZID=Europe/Berlin:20260302T100000',
        'DURATION:PT1H',
        'RRULE:FREQ=WEEKLY;COUNT=4',
        'EXDATE;TZID=Europe/Berlin:20260316T100000',
        'SUMMARY:Series',
        'TRANSP:TRANSPARENT',
        'CLASS:PRIVATE',
      ),
    );
    expect(await admin.importIcs(ADA, ADA, text)).toEqual({ events: 2 });
    const [master, exception] = await admin.listEvents(ADA);
    expect(master).toMatchObject({
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=4', 'EXDATE;TZID=Europe/Berlin:20260316T100000'],
      start: { dateTime: '2026-03-02T09:00:00Z', timeZone: 'Europe/Berlin' },
      end: { dateTime: '2026-03-02T10:00:00Z' },
      iCalUID: 'series1@example.org',
      transparency: 'transparent',
      visibility: 'private',
    });
    expect(exception).toMatchObject({
      id: `${master!.id}_20260309T090000Z`,
      recurringEventId: master!.id,
      originalStartTime: { dateTime: '2026-03-09T09:00:00Z' },
      summary: 'Moved',
    });
    const shown = await admin.listOccurrences(ADA, '2026-03-01T00:00:00Z', '2026-05-01T00:00:00Z');
    expect(shown.map(({ start: at }) => at!.dateTime)).toEqual([
      '2026-03-02T09:00:00Z',
      '2026-03-10T11:00:00Z',
      '2026-03-23T09:00:00Z',
    ]);
  });

  it('understands Outlook zones, Mozilla zones, floating times, dates without VALUE and missing ends', async () => {
    const { admin } = await start({}, 'Asia/Tokyo');
    const text = ics(
      ...vevent('UID:1@x', 'DTSTART;TZID=W. Europe Standard Time:20260302T100000', 'SUMMARY:outlook'),
      ...vevent(
        'UID:2@x',
        'DTSTART;TZID=/mozilla.org/20050126_1/Europe/Berlin:20260302T110000',
        'SUMMARY:mozilla',
      ),
      ...vevent('UID:3@x', 'DTSTART:20260302T100000', 'SUMMARY:floating'),
      ...vevent('UID:4@x', 'DTSTART:20260303', 'DTEND:20260303', 'RRULE:', 'SUMMARY:date'),
      ...vevent('UID:5@x', 'DTSTART;VALUE=DATE:20260304', 'SUMMARY:day'),
    );
    await admin.importIcs(ADA, ADA, text);
    const events = await admin.listEvents(ADA);
    expect(events.map(({ summary, start: from, end }) => [summary, from, end])).toEqual([
      [
        'outlook',
        { dateTime: '2026-03-02T18:00:00+09:00', timeZone: 'Europe/Berlin' },
        { dateTime: '2026-03-02T18:00:00+09:00', timeZone: 'Europe/Berlin' },
      ],
      [
        'mozilla',
        { dateTime: '2026-03-02T19:00:00+09:00', timeZone: 'Europe/Berlin' },
        { dateTime: '2026-03-02T19:00:00+09:00', timeZone: 'Europe/Berlin' },
      ],
      [
        'floating',
        { dateTime: '2026-03-02T10:00:00+09:00', timeZone: 'Asia/Tokyo' },
        { dateTime: '2026-03-02T10:00:00+09:00', timeZone: 'Asia/Tokyo' },
      ],
      ['date', { date: '2026-03-03' }, { date: '2026-03-04' }],
      ['day', { date: '2026-03-04' }, { date: '2026-03-05' }],
    ]);
  });

  it('refuses what is no iCalendar text', async () => {
    const { admin } = await start();
    await expect(admin.importIcs(ADA, ADA, 'hello')).rejects.toThrow('argument 3');
  });

  it.skipIf(!existsSync(REAL_CALENDARS))(
    'reads real calendars, and changes nothing when it reads them again (skipped where they are missing)',
    async () => {
      const { admin } = await start({}, 'Europe/Berlin');
      for (const [file, events] of [
        ['machbar_16_feb_2019', 64],
        ['fablab_cottbus', 28],
        ['Germany_Holidays', 34],
      ] as const) {
        const { id } = await admin.createCalendar(ADA, { summary: file, timeZone: 'Europe/Berlin' });
        const text = await readFile(`${REAL_CALENDARS}/${file}.ics`, 'utf8');
        expect(await admin.importIcs(ADA, id, text)).toEqual({ events });
        const first = await admin.listEvents(id);
        expect(first).toHaveLength(events);
        await admin.importIcs(ADA, id, text);
        expect(await admin.listEvents(id)).toEqual(first);
        expect(
          (await admin.listOccurrences(id, '2018-01-01T00:00:00Z', '2020-01-01T00:00:00Z')).length,
        ).toBeGreaterThan(15);
      }
    },
  );

  it.skipIf(!existsSync(REAL_CALENDARS) || !pythonHas('recurring_ical_events', 'icalendar')).each(FILES)(
    'shows the occurrences of %s that recurring-ical-events gives (skipped without it)',
    async (file) => {
      const { admin } = await start({}, 'UTC');
      const text = await readFile(`${REAL_CALENDARS}/${file}.ics`);
      await admin.importIcs(ADA, ADA, text.toString());
      const window = ['2016-01-01T00:00:00Z', '2022-01-01T00:00:00Z'] as const;
      const shown = await admin.listOccurrences(ADA, ...window);
      const ours = shown.map(({ iCalUID, start: from, end }) => line(iCalUID!, moment(from!), moment(end!)));
      const printed = runPython('recurring_ical_events_of.py', text, [...window]);
      const theirs = occurrences
        .parse(JSON.parse(printed))
        .map((event) => line(event.uid, event.start, event.end));
      expect(ours.toSorted()).toEqual(theirs.toSorted());
    },
  );
});

function moment(time: EventTime): string {
  return time.date ?? new Date(time.dateTime!).toISOString().replace('.000Z', 'Z');
}

/** A day that ends when it begins is one day long for Google, and none for iCalendar. */
function line(uid: string, from: string, to: string): string {
  const nextDay = () => new Date(Date.parse(from) + 86_400_000).toISOString().slice(0, 10);
  return `${from} ${to <= from && !from.includes('T') ? nextDay() : to} ${uid}`;
}
