import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { expandOrphans, expandSingle } from '../../../calendar/expand.ts';
import type { Occurrence } from '../../../calendar/occurrence.ts';

import {
  allDaySeries,
  cancelledException,
  horizon,
  movedException,
  row,
  seriesOccurrences,
  timedSeries,
  YEAR_2026,
} from './fixtures.ts';

function starts(occurrences: Occurrence[]): string[] {
  return occurrences.map(({ start }) => ('date' in start ? start.date : start.dateTime));
}

/** A series of one-hour occurrences that begins on Monday, 5 January 2026, at 09:00 UTC. */
function utcSeries(...recurrence: string[]) {
  return timedSeries('UTC', '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z', ...recurrence);
}

/** Every evening at nine in New York, which is two in the morning in UTC. */
function eveningsUntil(until: string) {
  const rule = `RRULE:FREQ=DAILY;UNTIL=${until}`;
  return timedSeries('America/New_York', '2026-01-05T21:00:00-05:00', '2026-01-05T22:00:00-05:00', rule);
}

/** The shortest of several times, in milliseconds, that a year of a daily series takes, which began in `since`. */
function fastestYear(since: number): number {
  const [start, end] = [`${since}-01-01T09:00:00+01:00`, `${since}-01-01T10:00:00+01:00`];
  const series = timedSeries('Europe/Berlin', start, end, 'RRULE:FREQ=DAILY');
  const runs = Array.from({ length: 8 }, () => {
    const startedAt = performance.now();
    expect(seriesOccurrences(series, [], YEAR_2026)).toHaveLength(365);
    return performance.now() - startedAt;
  });
  return Math.min(...runs);
}

/** The days of January 2026 and after on which a series in UTC at 09:00 occurs. */
function days(occurrences: Occurrence[]): string[] {
  return starts(occurrences).map((start) => start.replace('T09:00:00Z', ''));
}

describe('expandSingle', () => {
  const event = {
    id: 'a',
    start: { dateTime: '2026-01-05T09:00:00Z' },
    end: { dateTime: '2026-01-05T10:00:00Z' },
  };

  it('gives the one occurrence of a single event, keyed by the event’s ID', () => {
    expect(expandSingle(row({ ...event, summary: 'Dentist', status: 'tentative' }), YEAR_2026)).toEqual([
      {
        key: 'a',
        googleEventId: 'a',
        sourceEventId: 'a',
        originalStart: null,
        start: { dateTime: '2026-01-05T09:00:00Z', timeZone: 'UTC' },
        end: { dateTime: '2026-01-05T10:00:00Z', timeZone: 'UTC' },
        allDay: false,
        title: 'Dentist',
        status: 'tentative',
        traits: ['tentative'],
        eventType: 'default',
      },
    ]);
  });

  it.each([
    ['2026-01-05T09:30:00Z', '2026-01-05T09:31:00Z', 1],
    ['2026-01-05T10:00:00Z', '2026-01-05T11:00:00Z', 0],
    ['2026-01-05T08:00:00Z', '2026-01-05T09:00:00Z', 0],
    ['2026-01-05T08:00:00Z', '2026-01-05T09:00:01Z', 1],
  ])('is inside %s to %s %d times: the end of both is exclusive', (from, to, times) => {
    expect(expandSingle(row(event), { from, to })).toHaveLength(times);
  });

  it('shows an event without length in the window that begins with it', () => {
    const instant = row({ ...event, end: event.start });
    expect(expandSingle(instant, { from: '2026-01-05T09:00:00Z', to: '2026-01-05T10:00:00Z' })).toHaveLength(
      1,
    );
    expect(expandSingle(instant, { from: '2026-01-05T08:00:00Z', to: '2026-01-05T09:00:00Z' })).toHaveLength(
      0,
    );
  });

  it('compares an all-day date with the date of the horizon in UTC (pitfall 12)', () => {
    const allDay = row({ id: 'a', start: { date: '2026-01-05' }, end: { date: '2026-01-06' } }, 'Asia/Tokyo');
    expect(expandSingle(allDay, horizon('2026-01-04', '2026-01-05'))).toHaveLength(0);
    expect(expandSingle(allDay, horizon('2026-01-05', '2026-01-06'))).toHaveLength(1);
    expect(expandSingle(allDay, horizon('2026-01-06', '2026-01-07'))).toHaveLength(0);
  });
});

describe('expandSeries and rules', () => {
  it.each([
    [
      'every second week on two days, weeks from Monday (pitfall 11)',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=MO,SU;WKST=MO',
      ['2026-01-05', '2026-01-11', '2026-01-19', '2026-01-25'],
    ],
    [
      'every second week on two days, weeks from Sunday (pitfall 11)',
      'FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=MO,SU;WKST=SU',
      ['2026-01-05', '2026-01-18', '2026-01-19', '2026-02-01'],
    ],
    ['the first Monday', 'FREQ=MONTHLY;COUNT=3;BYDAY=1MO', ['2026-01-05', '2026-02-02', '2026-03-02']],
    [
      'the last working day',
      'FREQ=MONTHLY;UNTIL=20260401T000000Z;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1',
      ['2026-01-05', '2026-01-30', '2026-02-27', '2026-03-31'],
    ],
    [
      'the last day of the month',
      'FREQ=MONTHLY;COUNT=2;BYMONTHDAY=-1',
      ['2026-01-05', '2026-01-31', '2026-02-28'],
    ],
    ['a week of the year', 'FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO', ['2026-01-05', '2026-05-11']],
    ['days of the year', 'FREQ=YEARLY;BYYEARDAY=100,-1', ['2026-01-05', '2026-04-10', '2026-12-31']],
    ['lower case', 'freq=daily;count=2', ['2026-01-05', '2026-01-06']],
  ])('repeats by %s', (_name, rule, expected) => {
    expect(days(seriesOccurrences(utcSeries(`RRULE:${rule}`), [], YEAR_2026))).toEqual(expected);
  });

  it.each([1, 52, 53])(
    'numbers weeks as ISO 8601 does, those that span New Year as well: week %i',
    (week) => {
      const rule = `RRULE:FREQ=YEARLY;BYWEEKNO=${week};BYDAY=MO,TU,WE,TH,FR,SA,SU`;
      const series = allDaySeries('1999-06-01', '1999-06-02', rule);
      const thirtyYears = horizon('2000-01-01', '2030-01-01');
      const expected: string[] = [];
      const [first, end] = [thirtyYears.from, thirtyYears.to].map((time) =>
        Temporal.PlainDate.from(time.slice(0, 10)),
      );
      for (let day = first!; Temporal.PlainDate.compare(day, end!) < 0; day = day.add({ days: 1 }))
        if (day.weekOfYear === week) expected.push(day.toString());
      expect(starts(seriesOccurrences(series, [], thirtyYears))).toEqual(expected);
    },
  );

  it('ends with UNTIL, that instant included', () => {
    expect(
      days(seriesOccurrences(utcSeries('RRULE:FREQ=DAILY;UNTIL=20260107T090000Z'), [], YEAR_2026)),
    ).toHaveLength(3);
    expect(
      days(seriesOccurrences(utcSeries('RRULE:FREQ=DAILY;UNTIL=20260107T085959Z'), [], YEAR_2026)),
    ).toHaveLength(2);
  });

  it('reads a local UNTIL on the wall clock of the series, and a date as its midnight there', () => {
    expect(seriesOccurrences(eveningsUntil('20260107T210000'), [], YEAR_2026)).toHaveLength(3);
    expect(seriesOccurrences(eveningsUntil('20260107'), [], YEAR_2026)).toHaveLength(2);
  });

  it('ends an all-day series with the date of UNTIL, whatever time follows it', () => {
    for (const until of ['20260107', '20260107T235959Z', '20260107T000000Z']) {
      const series = allDaySeries('2026-01-05', '2026-01-06', `RRULE:FREQ=DAILY;UNTIL=${until}`);
      expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
        '2026-01-05',
        '2026-01-06',
        '2026-01-07',
      ]);
    }
  });

  it('counts COUNT from the start of the series, not of the horizon', () => {
    const series = utcSeries('RRULE:FREQ=DAILY;COUNT=30');
    expect(days(seriesOccurrences(series, [], horizon('2026-02-01', '2026-03-01')))).toEqual([
      '2026-02-01',
      '2026-02-02',
      '2026-02-03',
    ]);
  });

  it('shows a first occurrence that the rule does not name, and COUNT does not count it', () => {
    const series = utcSeries('RRULE:FREQ=WEEKLY;BYDAY=TU;COUNT=2');
    expect(days(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-06',
      '2026-01-13',
    ]);
  });

  it('shows nothing of a series that was cut off before its first occurrence', () => {
    expect(seriesOccurrences(utcSeries('RRULE:FREQ=DAILY;UNTIL=20260104T090000Z'), [], YEAR_2026)).toEqual(
      [],
    );
  });

  it('unites several rules and RDATEs, and takes out EXRULEs and EXDATEs', () => {
    const series = utcSeries(
      'RRULE:FREQ=WEEKLY;BYDAY=MO;COUNT=3',
      'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;COUNT=3',
      'RDATE:20260110T090000Z,20260111T090000Z',
      'RDATE;TZID=Europe/Berlin:20260112T100000',
      'EXRULE:FREQ=MONTHLY;BYMONTHDAY=19',
      'EXDATE;TZID=America/New_York:20260111T040000',
    );
    expect(days(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-07',
      '2026-01-10',
      '2026-01-12',
    ]);
  });

  it('gives a period of RDATE its own length, and a date of RDATE the series’ time of day', () => {
    const series = utcSeries(
      'RDATE;VALUE=PERIOD:20260106T120000Z/20260106T150000Z,20260107T120000Z/PT30M',
      'RDATE;VALUE=DATE:20260108',
    );
    const spans = seriesOccurrences(series, [], YEAR_2026).map(({ start, end }) =>
      [start, end].map((time) => 'dateTime' in time && time.dateTime.slice(8, 16)),
    );
    expect(spans).toEqual([
      ['05T09:00', '05T10:00'],
      ['06T12:00', '06T15:00'],
      ['07T12:00', '07T12:30'],
      ['08T09:00', '08T10:00'],
    ]);
  });

  it('lets a period of RDATE set the length of an occurrence that a rule gives as well', () => {
    const series = utcSeries('RRULE:FREQ=DAILY;COUNT=2', 'RDATE;VALUE=PERIOD:20260106T090000Z/PT3H');
    const ends = seriesOccurrences(series, [], YEAR_2026).map(({ end }) => end);
    expect(ends).toMatchObject([{ dateTime: '2026-01-05T10:00:00Z' }, { dateTime: '2026-01-06T12:00:00Z' }]);
  });

  it('takes out a whole day for EXDATE;VALUE=DATE on a timed series, and only midnight for a bare date', () => {
    expect(
      days(
        seriesOccurrences(utcSeries('RRULE:FREQ=DAILY;COUNT=3', 'EXDATE;VALUE=DATE:20260106'), [], YEAR_2026),
      ),
    ).toEqual(['2026-01-05', '2026-01-07']);
    expect(
      seriesOccurrences(utcSeries('RRULE:FREQ=DAILY;COUNT=3', 'EXDATE:20260106'), [], YEAR_2026),
    ).toHaveLength(3);
  });

  it('takes a date out of an all-day series, in whatever form it is written', () => {
    for (const exdate of [
      'EXDATE;VALUE=DATE:20260106',
      'EXDATE:20260106',
      'EXDATE;TZID=Asia/Tokyo:20260106T000000',
      'EXDATE:20260106T120000Z',
    ]) {
      const series = allDaySeries('2026-01-05', '2026-01-06', 'RRULE:FREQ=DAILY;COUNT=3', exdate);
      expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual(['2026-01-05', '2026-01-07']);
    }
  });

  it.each([
    'RRULE:',
    'RRULE:FREQ=SOMETIMES',
    'RRULE:FREQ=DAILY;INTERVAL=0',
    'RRULE:FREQ=DAILY;COUNT=-1',
    'RRULE:FREQ=DAILY;UNTIL=soon',
    'RRULE:FREQ=WEEKLY;BYDAY=XX',
    'RRULE',
    'X-WHAT:1',
    '',
  ])('shows the first occurrence alone when the only rule is %j', (line) => {
    expect(days(seriesOccurrences(utcSeries(line), [], YEAR_2026))).toEqual(['2026-01-05']);
  });

  it('shows an occurrence that began before the horizon and reaches into it', () => {
    const long = timedSeries('UTC', '2026-01-05T09:00:00Z', '2026-01-08T09:00:00Z', 'RRULE:FREQ=WEEKLY');
    expect(days(seriesOccurrences(long, [], horizon('2026-01-14', '2026-01-15')))).toEqual(['2026-01-12']);
  });

  it.each([
    ['Pacific/Kiritimati', '+14:00'],
    ['Pacific/Pago_Pago', '-11:00'],
  ])('finds the occurrence at the very edge of the horizon in %s', (timeZone, offset) => {
    const series = timedSeries(
      timeZone,
      `2026-01-05T09:00:00${offset}`,
      `2026-01-05T09:00:00${offset}`,
      'RRULE:FREQ=DAILY',
    );
    const from = Date.parse(`2026-02-05T09:00:00${offset}`);
    const window = { from: new Date(from).toISOString(), to: new Date(from + 1_000).toISOString() };
    expect(seriesOccurrences(series, [], window)).toHaveLength(1);
  });

  it('skips ahead: a daily series since 1990 costs about as much as one since last year', () => {
    const recent = fastestYear(2025);
    expect(fastestYear(1990)).toBeLessThan(5 * recent);
  });
});

describe('expandSeries and zones', () => {
  it('keeps the wall clock of the series’ zone over a change of its offset', () => {
    const series = timedSeries(
      'Europe/Berlin',
      '2026-03-28T09:00:00+01:00',
      '2026-03-28T10:00:00+01:00',
      'RRULE:FREQ=DAILY;COUNT=3',
    );
    expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-03-28T08:00:00Z',
      '2026-03-29T07:00:00Z',
      '2026-03-30T07:00:00Z',
    ]);
  });

  it.each(['GMT+02:00', 'UTC+2', '+02:00', 'Unheard/Of'])(
    'keeps the offset of a series in the zone %s when the calendar’s clocks change',
    (timeZone) => {
      const series = row(
        {
          id: 's',
          start: { dateTime: '2026-10-19T09:00:00+02:00', timeZone },
          end: { dateTime: '2026-10-19T10:00:00+02:00', timeZone },
          recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
        },
        'Europe/Berlin',
      );
      expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
        '2026-10-19T07:00:00Z',
        '2026-10-26T07:00:00Z',
        '2026-11-02T07:00:00Z',
      ]);
    },
  );

  it.each([
    'TZID="GMT+02:00"',
    'TZID=GMT+02:00',
    'VALUE=DATE-TIME;TZID="GMT+02:00"',
    'X-NOTE="a;b:c";TZID="GMT+02:00"',
    'TZID="tzone://Microsoft/South Africa Standard Time"',
  ])('reads EXDATE and RDATE with %s', (parameters) => {
    const series = utcSeries(
      'RRULE:FREQ=DAILY;COUNT=3',
      `EXDATE;${parameters}:20260106T110000`,
      `RDATE;${parameters}:20260110T110000`,
    );
    expect(days(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-07',
      '2026-01-10',
    ]);
  });

  it('follows a zone that shifts by half an hour', () => {
    const series = timedSeries(
      'Australia/Lord_Howe',
      '2026-04-04T09:00:00+11:00',
      '2026-04-04T10:00:00+11:00',
      'RRULE:FREQ=DAILY;COUNT=2',
    );
    expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-04-03T22:00:00Z',
      '2026-04-04T22:30:00Z',
    ]);
  });

  it('moves an occurrence out of the hour that spring skips, and counts it', () => {
    const series = timedSeries(
      'America/New_York',
      '2026-03-07T02:30:00-05:00',
      '2026-03-07T03:00:00-05:00',
      'RRULE:FREQ=DAILY;COUNT=3',
    );
    expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-03-07T07:30:00Z',
      '2026-03-08T07:30:00Z',
      '2026-03-09T06:30:00Z',
    ]);
  });

  it('takes the first of the two hours that autumn has', () => {
    const series = timedSeries(
      'America/New_York',
      '2026-10-31T01:30:00-04:00',
      '2026-10-31T02:00:00-04:00',
      'RRULE:FREQ=DAILY;COUNT=3',
    );
    expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-10-31T05:30:00Z',
      '2026-11-01T05:30:00Z',
      '2026-11-02T06:30:00Z',
    ]);
  });

  it('leaves a first occurrence in the second of the two hours where Google put it, once', () => {
    const series = timedSeries(
      'America/New_York',
      '2026-11-01T01:30:00-05:00',
      '2026-11-01T02:00:00-05:00',
      'RRULE:FREQ=DAILY;COUNT=2',
    );
    expect(starts(seriesOccurrences(series, [], YEAR_2026))).toEqual([
      '2026-11-01T06:30:00Z',
      '2026-11-02T06:30:00Z',
    ]);
  });

  it('lets a timed occurrence last as long as the first in elapsed time, an all-day one in days', () => {
    const night = timedSeries(
      'Europe/Berlin',
      '2026-03-27T22:00:00+01:00',
      '2026-03-28T06:00:00+01:00',
      'RRULE:FREQ=DAILY;COUNT=2',
    );
    expect(seriesOccurrences(night, [], YEAR_2026)[1]?.end).toMatchObject({
      dateTime: '2026-03-29T05:00:00Z',
    });
    const weekend = allDaySeries('2026-03-21', '2026-03-23', 'RRULE:FREQ=WEEKLY;COUNT=2');
    expect(seriesOccurrences(weekend, [], YEAR_2026)[1]?.end).toEqual({ date: '2026-03-30' });
  });

  it('expands an all-day series by date alone (pitfall 12)', () => {
    const birthday = allDaySeries('1604-02-29', '1604-03-01', 'RRULE:FREQ=YEARLY');
    expect(starts(seriesOccurrences(birthday, [], horizon('2024-01-01', '2033-01-01')))).toEqual([
      '2024-02-29',
      '2028-02-29',
      '2032-02-29',
    ]);
  });
});

describe('expandSeries and exceptions', () => {
  const series = utcSeries('RRULE:FREQ=DAILY;COUNT=3');

  it('shows a moved occurrence once, under its own ID and its original key (pitfall 8)', () => {
    const moved = movedException('2026-01-06T09:00:00Z', '2026-01-06T15:00:00Z', '2026-01-06T16:00:00Z');
    expect(
      seriesOccurrences(series, [moved], YEAR_2026).map(
        ({ key, googleEventId, sourceEventId, title, start }) => ({
          key,
          googleEventId,
          sourceEventId,
          title,
          start,
        }),
      ),
    ).toEqual([
      {
        key: 's_20260105T090000Z',
        googleEventId: 's',
        sourceEventId: 's',
        title: 'Series',
        start: { dateTime: '2026-01-05T09:00:00Z', timeZone: 'UTC' },
      },
      {
        key: 's_20260106T090000Z',
        googleEventId: 's_20260106T090000Z',
        sourceEventId: 's',
        title: 'Moved',
        start: { dateTime: '2026-01-06T15:00:00Z', timeZone: 'UTC' },
      },
      {
        key: 's_20260107T090000Z',
        googleEventId: 's',
        sourceEventId: 's',
        title: 'Series',
        start: { dateTime: '2026-01-07T09:00:00Z', timeZone: 'UTC' },
      },
    ]);
  });

  it('hides a cancelled occurrence (pitfall 8)', () => {
    expect(days(seriesOccurrences(series, [cancelledException('2026-01-06T09:00:00Z')], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-07',
    ]);
  });

  it('matches the original start as an instant, however it is written (pitfall 8)', () => {
    const exception = row({
      id: 'x',
      status: 'cancelled',
      recurringEventId: 's',
      originalStartTime: { dateTime: '2026-01-06T18:00:00+09:00', timeZone: 'Asia/Tokyo' },
    });
    expect(days(seriesOccurrences(series, [exception], YEAR_2026))).toEqual(['2026-01-05', '2026-01-07']);
  });

  it('matches the original start of an all-day series as a date (pitfall 8)', () => {
    const allDay = allDaySeries('2026-01-05', '2026-01-06', 'RRULE:FREQ=DAILY;COUNT=3');
    expect(starts(seriesOccurrences(allDay, [cancelledException('2026-01-06')], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-07',
    ]);
  });

  it('matches exceptions from before a series became all-day, or timed', () => {
    const allDay = allDaySeries('2026-01-05', '2026-01-06', 'RRULE:FREQ=DAILY;COUNT=3');
    const timed = row({
      id: 'x',
      status: 'cancelled',
      recurringEventId: 's',
      originalStartTime: { dateTime: '2026-01-06T01:00:00+09:00', timeZone: 'Asia/Tokyo' },
    });
    expect(starts(seriesOccurrences(allDay, [timed], YEAR_2026))).toEqual(['2026-01-05', '2026-01-07']);
    expect(days(seriesOccurrences(series, [cancelledException('2026-01-06')], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-07',
    ]);
  });

  it('shows an exception that the rule does not name, and one moved in from outside the horizon', () => {
    const outside = movedException('2025-12-01T09:00:00Z', '2026-01-20T09:00:00Z', '2026-01-20T10:00:00Z');
    expect(days(seriesOccurrences(series, [outside], YEAR_2026))).toEqual([
      '2026-01-05',
      '2026-01-06',
      '2026-01-07',
      '2026-01-20',
    ]);
  });

  it('leaves out an occurrence that was moved beyond the horizon', () => {
    const moved = movedException('2026-01-06T09:00:00Z', '2027-06-06T09:00:00Z', '2027-06-06T10:00:00Z');
    expect(days(seriesOccurrences(series, [moved], YEAR_2026))).toEqual(['2026-01-05', '2026-01-07']);
  });

  it('lets the exception that was updated last stand for an occurrence that two claim, in any order', () => {
    const older = {
      ...movedException('2026-01-06T09:00:00Z', '2026-01-06T11:00:00Z', '2026-01-06T12:00:00Z'),
      updated: '2026-01-01T00:00:00.000Z',
    };
    const newer = {
      ...older,
      googleEventId: 'newer',
      status: 'cancelled' as const,
      updated: '2026-01-02T00:00:00.000Z',
    };
    for (const exceptions of [
      [older, newer],
      [newer, older],
    ]) {
      expect(days(seriesOccurrences(series, exceptions, YEAR_2026))).toEqual(['2026-01-05', '2026-01-07']);
    }
  });

  it('shows an all-day occurrence of a timed series as all-day', () => {
    const exception = row({
      id: 'x',
      recurringEventId: 's',
      originalStartTime: { dateTime: '2026-01-06T09:00:00Z' },
      start: { date: '2026-01-08' },
      end: { date: '2026-01-09' },
    });
    expect(seriesOccurrences(series, [exception], YEAR_2026)[2]).toMatchObject({
      key: 's_20260106T090000Z',
      allDay: true,
      start: { date: '2026-01-08' },
    });
  });
});

describe('exceptions whose series is not shown to this account', () => {
  const series = utcSeries('RRULE:FREQ=WEEKLY');
  const original = '2026-01-12T09:00:00Z';

  it('show by themselves, under the key they would have in the series', () => {
    const moved = movedException(original, '2026-01-13T15:00:00Z', '2026-01-13T16:00:00Z');
    const orphans = expandOrphans(series.googleEventId, [moved], YEAR_2026);
    expect(starts(orphans)).toEqual(['2026-01-13T15:00:00Z']);
    expect(orphans[0]).toMatchObject({
      key: `${series.googleEventId}_20260112T090000Z`,
      googleEventId: moved.googleEventId,
      sourceEventId: series.googleEventId,
    });
    const inSeries = seriesOccurrences(series, [moved], YEAR_2026);
    expect(inSeries.filter(({ key }) => key === orphans[0]?.key)).toEqual(orphans);
  });

  it('do not show when they are cancelled', () => {
    expect(expandOrphans(series.googleEventId, [cancelledException(original)], YEAR_2026)).toEqual([]);
  });
});
