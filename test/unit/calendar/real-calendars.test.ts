import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatDate } from '../../../calendar/event-time.ts';
import { DAY_MS } from '../../../contracts/durations.ts';
import { expandSingle, type Horizon } from '../../../calendar/expand.ts';
import type { Occurrence } from '../../../calendar/occurrence.ts';
import { pythonHas, runPython } from '../../support/python/run-python.ts';
import { horizon, row, seriesOccurrences } from './fixtures.ts';
import { icsToGoogleEvents } from './ics-google-events.ts';

const FOLDER =
  process.env.ALMANAC_REAL_CALENDARS ?? path.join(import.meta.dirname, '../../../../shared/calendars');
const SIX_YEARS = horizon('2016-01-01', '2022-01-01');

const files = existsSync(FOLDER) ? readdirSync(FOLDER).filter((name) => name.endsWith('.ics')) : [];
const available = pythonHas('recurring_ical_events', 'icalendar');
const missing = files.length === 0 ? `no calendars in ${FOLDER}` : 'no Python with recurring-ical-events';

function line(uid: string, start: string, end: string): string {
  // A day that ends when it begins is one day long for Google, and none for iCalendar.
  const visibleEnd = end <= start && !start.includes('T') ? formatDate(Date.parse(start) + DAY_MS) : end;
  return `${start} ${visibleEnd} ${uid}`;
}

function ourLines(text: string, window: Horizon): string[] {
  const { timeZone, events } = icsToGoogleEvents(text);
  const rows = events.map((event) => row(event, timeZone));
  const uidOf = new Map(events.map((event) => [event.id, event.iCalUID ?? '']));
  const occurrences: Occurrence[] = rows
    .filter(({ kind }) => kind !== 'exception')
    .flatMap((one) =>
      one.kind === 'single'
        ? expandSingle(one, window)
        : seriesOccurrences(
            one,
            rows.filter(({ seriesId }) => seriesId === one.googleEventId),
            window,
          ),
    );
  return occurrences
    .map(({ sourceEventId, start, end }) => {
      const [from, to] = [start, end].map((time) => ('date' in time ? time.date : time.dateTime));
      return line(uidOf.get(sourceEventId) ?? '', from ?? '', to ?? '');
    })
    .toSorted();
}

const found = z.array(z.object({ uid: z.string(), start: z.string(), end: z.string() }));

describe(`real calendars${files.length > 0 && available ? '' : ` (skipped: ${missing})`}`, () => {
  it.skipIf(files.length === 0 || !available).each(files.length > 0 ? files : ['none'])(
    '%s expands to what recurring-ical-events gives',
    (name) => {
      const text = readFileSync(path.join(FOLDER, name));
      const printed = runPython('recurring_ical_events_of.py', text, [SIX_YEARS.from, SIX_YEARS.to]);
      const theirs = found.parse(JSON.parse(printed)).map(({ uid, start, end }) => line(uid, start, end));
      const ours = ourLines(text.toString('utf8'), SIX_YEARS);
      expect(ours.length).toBeGreaterThan(0);
      expect(ours).toEqual(theirs.toSorted());
    },
  );
});
