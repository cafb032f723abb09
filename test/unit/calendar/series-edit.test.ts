import * as fc from 'fast-check';
import { RRule } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../calendar/event-row.ts';
import { type EventTime, formatInstant, fromMs, toMs } from '../../../calendar/event-time.ts';
import type { Horizon } from '../../../calendar/expand.ts';
import { seriesEnd } from '../../../calendar/series-end.ts';
import { editSeries, instanceId, type SeriesSplit, splitSeries } from '../../../calendar/series-edit.ts';
import {
  allDaySeries,
  cancelledException,
  horizon,
  movedException,
  propertyRuns,
  row,
  seriesOccurrences,
  timedSeries,
} from './fixtures.ts';
import { anySeries, type RandomSeries, singleRuleSeries, toRow } from './random-series.ts';

const BERLIN = 'Europe/Berlin';
const LONG = horizon('2014-01-01', '2030-01-01');
const DAY_MS = 86_400_000;

function berlin(dateTime: string): EventTime {
  return { dateTime, timeZone: BERLIN };
}

/** Mondays at 9 in Berlin, from 5 January 2026. */
function mondays(...recurrence: string[]): EventRow {
  return timedSeries(BERLIN, '2026-01-05T09:00:00+01:00', '2026-01-05T10:00:00+01:00', ...recurrence);
}

function split(...parameters: Parameters<typeof splitSeries>): SeriesSplit {
  const result = splitSeries(...parameters);
  if (result === null || 'refusal' in result)
    throw new Error(`expected a split, got ${JSON.stringify(result)}`);
  return result;
}

function edit(...parameters: Parameters<typeof editSeries>) {
  const result = editSeries(...parameters);
  if ('refusal' in result) throw new Error(`expected an edit, got ${result.refusal}`);
  return result;
}

/** The rows of the mirror after a split. */
function headAndTail(series: EventRow, { head, tail }: SeriesSplit): [EventRow, EventRow] {
  return [
    { ...series, recurrence: head.recurrence },
    { ...series, ...tail, googleEventId: 'tail' },
  ];
}

function starts(series: EventRow, within: Horizon = LONG, exceptions: EventRow[] = []): string[] {
  return seriesOccurrences(series, exceptions, within).map(({ start }) =>
    'date' in start ? start.date : start.dateTime,
  );
}

function splitStarts(series: EventRow, result: SeriesSplit, within: Horizon = LONG): [string[], string[]] {
  const [head, tail] = headAndTail(series, result);
  return [starts(head, within), starts(tail, within)];
}

describe('instanceId', () => {
  it('is the ID of the series and the original start, in UTC or as a date', () => {
    expect(instanceId('s', berlin('2026-01-05T08:00:00Z'))).toBe('s_20260105T080000Z');
    expect(instanceId('s', { date: '2026-01-05' })).toBe('s_20260105');
  });
});

describe('splitSeries', () => {
  it('ends an endless rule one second before the occurrence and continues it from there', () => {
    const result = split(mondays('RRULE:FREQ=WEEKLY;BYDAY=MO'), berlin('2026-01-19T08:00:00Z'), []);
    expect(result).toEqual({
      head: { recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260119T075959Z'] },
      tail: {
        start: berlin('2026-01-19T08:00:00Z'),
        end: berlin('2026-01-19T09:00:00Z'),
        recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO'],
      },
      moved: [],
    });
  });

  it('ends an all-day series on the day before, by a date', () => {
    const series = allDaySeries('2026-01-05', '2026-01-07', 'RRULE:FREQ=WEEKLY;COUNT=5');
    const result = split(series, { date: '2026-01-19' }, []);
    expect(result.head.recurrence).toEqual(['RRULE:FREQ=WEEKLY;UNTIL=20260118']);
    expect(result.tail).toEqual({
      start: { date: '2026-01-19' },
      end: { date: '2026-01-21' },
      recurrence: ['RRULE:FREQ=WEEKLY;COUNT=3'],
    });
  });

  it('lessens COUNT by what the head used: EXDATE counts, RDATE does not', () => {
    const series = mondays(
      'EXDATE;TZID=Europe/Berlin:20260112T090000,20260202T090000',
      'RDATE:20260107T080000Z,20260204T080000Z',
      'RRULE:FREQ=WEEKLY;COUNT=6',
    );
    const result = split(series, berlin('2026-01-26T08:00:00Z'), []);
    expect(result.head.recurrence).toEqual([
      'EXDATE;TZID=Europe/Berlin:20260112T090000',
      'RDATE:20260107T080000Z',
      'RRULE:FREQ=WEEKLY;UNTIL=20260126T075959Z',
    ]);
    expect(result.tail.recurrence).toEqual([
      'EXDATE;TZID=Europe/Berlin:20260202T090000',
      'RDATE:20260204T080000Z',
      'RRULE:FREQ=WEEKLY;COUNT=3',
    ]);
  });

  it('keeps the end of a rule that has ended before, and leaves it out of the tail', () => {
    const series = mondays(
      'RRULE:FREQ=DAILY;COUNT=3',
      'RRULE:FREQ=WEEKLY',
      'RRULE:FREQ=DAILY;UNTIL=20260108T080000Z',
    );
    const result = split(series, berlin('2026-02-02T08:00:00Z'), []);
    expect(result.head.recurrence).toEqual([
      'RRULE:FREQ=DAILY;COUNT=3',
      'RRULE:FREQ=WEEKLY;UNTIL=20260202T075959Z',
      'RRULE:FREQ=DAILY;UNTIL=20260108T080000Z',
    ]);
    expect(result.tail.recurrence).toEqual(['RRULE:FREQ=WEEKLY']);
  });

  it('is no split at the first occurrence, nor where all earlier ones are gone', () => {
    expect(splitSeries(mondays('RRULE:FREQ=WEEKLY'), berlin('2026-01-05T08:00:00Z'), [])).toBeNull();
    const excluded = mondays('RRULE:FREQ=WEEKLY', 'EXDATE:20260105T080000Z');
    expect(splitSeries(excluded, berlin('2026-01-12T08:00:00Z'), [])).toBeNull();
    const gone = [cancelledException('2026-01-05T08:00:00Z')];
    expect(splitSeries(mondays('RRULE:FREQ=WEEKLY'), berlin('2026-01-12T08:00:00Z'), gone)).toBeNull();
    const later = [movedException('2026-01-05T08:00:00Z', '2026-03-01T08:00:00Z', '2026-03-01T09:00:00Z')];
    expect(splitSeries(mondays('RRULE:FREQ=WEEKLY'), berlin('2026-01-12T08:00:00Z'), later)).not.toBeNull();
  });

  it('refuses an occurrence that the series does not have, or no longer', () => {
    const none = { refusal: 'no-such-occurrence' };
    const weekly = mondays('RRULE:FREQ=WEEKLY', 'EXDATE:20260112T080000Z');
    expect(splitSeries(weekly, berlin('2026-01-13T08:00:00Z'), [])).toEqual(none);
    expect(splitSeries(weekly, berlin('2026-01-12T08:00:00Z'), [])).toEqual(none);
    const cancelled = [cancelledException('2026-01-19T08:00:00Z')];
    expect(splitSeries(weekly, berlin('2026-01-19T08:00:00Z'), cancelled)).toEqual(none);
    expect(splitSeries(mondays('RRULE:FREQ=WEEKLY;COUNT=2'), berlin('2026-01-19T08:00:00Z'), [])).toEqual(
      none,
    );
  });

  it('hides in the tail what was cancelled, and names the changed occurrences after the split', () => {
    const changed = movedException('2026-02-02T08:00:00Z', '2026-02-03T12:00:00Z', '2026-02-03T13:00:00Z');
    const atTheSplit = movedException('2026-01-19T08:00:00Z', '2026-01-19T12:00:00Z', '2026-01-19T13:00:00Z');
    const exceptions = [
      cancelledException('2026-01-12T08:00:00Z'),
      cancelledException('2026-01-26T08:00:00Z'),
      // Remains of an earlier rule.
      cancelledException('2026-01-28T08:00:00Z'),
      movedException('2026-01-29T08:00:00Z', '2026-01-29T12:00:00Z', '2026-01-29T13:00:00Z'),
      atTheSplit,
      changed,
    ];
    const result = split(mondays('RRULE:FREQ=WEEKLY'), berlin('2026-01-19T08:00:00Z'), exceptions);
    expect(result.tail.recurrence).toEqual(['RRULE:FREQ=WEEKLY', 'EXDATE:20260126T080000Z']);
    expect(result.moved).toEqual([{ exception: changed, originalStart: berlin('2026-02-02T08:00:00Z') }]);
  });

  it('moves the rest with a new time of day, across summer time', () => {
    const series = mondays(
      'RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260420T070000Z',
      'EXDATE;TZID=Europe/Berlin:20260323T090000,20260330T090000',
      'RDATE:20260408T070000Z',
    );
    const changed = movedException('2026-04-13T07:00:00Z', '2026-04-14T12:00:00Z', '2026-04-14T13:00:00Z');
    const cancelled = cancelledException('2026-04-06T07:00:00Z');
    const result = split(
      series,
      berlin('2026-03-16T08:00:00Z'),
      [changed, cancelled],
      berlin('2026-03-16T13:30:00Z'),
    );
    expect(result.tail).toEqual({
      start: berlin('2026-03-16T13:30:00Z'),
      end: berlin('2026-03-16T14:30:00Z'),
      recurrence: [
        'RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260420T123000Z',
        'EXDATE:20260323T133000Z,20260330T123000Z',
        'RDATE:20260408T123000Z',
        'EXDATE:20260406T123000Z',
      ],
    });
    expect(result.moved).toEqual([{ exception: changed, originalStart: berlin('2026-04-13T12:30:00Z') }]);
  });

  it('moves days that are excluded as a whole, and periods', () => {
    const series = mondays(
      'RRULE:FREQ=DAILY',
      'EXDATE;VALUE=DATE:20260107,20260113',
      'RDATE;VALUE=PERIOD:20260115T130000Z/PT30M',
    );
    const result = split(series, berlin('2026-01-09T08:00:00Z'), [], berlin('2026-01-10T09:00:00Z'));
    expect(result.head.recurrence).toContain('EXDATE;VALUE=DATE:20260107');
    expect(result.tail.recurrence).toEqual([
      'RRULE:FREQ=DAILY',
      'EXDATE;VALUE=DATE:20260114',
      'RDATE;VALUE=PERIOD:20260116T140000Z/20260116T143000Z',
    ]);
  });

  it('asks for the rule when the day changes and the rule names days', () => {
    const needed = { refusal: 'rule-needed' };
    const tuesday = berlin('2026-01-20T08:00:00Z');
    const at = berlin('2026-01-19T08:00:00Z');
    expect(splitSeries(mondays('RRULE:FREQ=WEEKLY;BYDAY=MO'), at, [], tuesday)).toEqual(needed);
    expect(split(mondays('RRULE:FREQ=WEEKLY'), at, [], tuesday).tail.recurrence).toEqual([
      'RRULE:FREQ=WEEKLY',
    ]);
    // Every other day from an extra date would fall on the days between.
    const everyOther = mondays('RRULE:FREQ=DAILY;INTERVAL=2', 'RDATE:20260120T080000Z');
    expect(splitSeries(everyOther, berlin('2026-01-20T08:00:00Z'), [])).toEqual(needed);
  });

  it('goes on by the rule that is given, with the exceptions whose occurrence it has', () => {
    const exceptions = [
      cancelledException('2026-01-26T08:00:00Z'),
      cancelledException('2026-02-02T08:00:00Z'),
      movedException('2026-02-09T08:00:00Z', '2026-02-09T12:00:00Z', '2026-02-09T13:00:00Z'),
      movedException('2026-02-16T08:00:00Z', '2026-02-16T12:00:00Z', '2026-02-16T13:00:00Z'),
    ];
    const result = split(
      mondays('RRULE:FREQ=WEEKLY;BYDAY=MO'),
      berlin('2026-01-19T08:00:00Z'),
      exceptions,
      berlin('2026-01-20T08:00:00Z'),
      { recurrence: ['RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU'] },
    );
    expect(result.head.recurrence).toEqual(['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260119T075959Z']);
    expect(result.tail.start).toEqual(berlin('2026-01-20T08:00:00Z'));
    expect(result.tail.recurrence).toEqual([
      'RRULE:FREQ=WEEKLY;INTERVAL=2;BYDAY=TU',
      'EXDATE:20260203T080000Z',
    ]);
    expect(result.moved).toEqual([
      { exception: exceptions[3], originalStart: berlin('2026-02-17T08:00:00Z') },
    ]);
  });

  it('keeps all occurrences of a random series, none twice', () => {
    const pick = fc.nat();
    let splits = 0;
    fc.assert(
      fc.property(anySeries, pick, (random, picked) => {
        const series = toRow(random);
        const all = starts(series);
        if (all.length < 2) return;
        const at = all[picked % Math.min(all.length, 300)]!;
        const result = splitSeries(series, { dateTime: at, timeZone: random.timeZone }, []);
        if (result === null) expect(at).toBe(all[0]);
        else if ('refusal' in result) {
          // Extra dates and second rules can fall between the intervals of a rule.
          expect(result.refusal).toBe('rule-needed');
          expect(isSimple(random) && hasTimeOfDayOfFirst(random, at)).toBe(false);
        } else {
          const [before, after] = splitStarts(series, result);
          expect([before, after]).toEqual([
            all.filter((start) => start < at),
            all.filter((start) => start >= at),
          ]);
          splits += 1;
        }
      }),
      { numRuns: propertyRuns(200) },
    );
    expect(splits).toBeGreaterThan(0);
  });

  it('gives a tail that the rrule library expands to the same starts', () => {
    fc.assert(
      fc.property(singleRuleSeries, fc.nat(), (random, picked) => {
        // rrule 2.8.1 reads a position before the first of a period wrongly.
        fc.pre(!/BYSETPOS=[^;]*-/.test(random.rules.join()));
        const all = starts(toRow(random));
        const at = all[picked % Math.min(Math.max(all.length, 1), 300)];
        fc.pre(at !== undefined && hasTimeOfDayOfFirst(random, at));
        const result = splitSeries(toRow(random), { dateTime: at, timeZone: random.timeZone }, []);
        if (result === null) return;
        const { head, tail } = result as SeriesSplit;
        const found = [
          ...startsByLibrary(head.recurrence, random.startMs, random.timeZone),
          ...startsByLibrary(tail.recurrence, toMs(tail.start), random.timeZone),
        ];
        const excluded = new Set(random.exclusions);
        const shown = found.filter((start) => !excluded.has(start.replaceAll(/[-:]/g, '')));
        expect(shown.filter((start) => start < LONG.to)).toEqual(all);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('moves each occurrence of the rest of a random series by as much on the wall clock', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), fc.integer({ min: 0, max: 1_439 }), (random, picked, minute) => {
        const { timeZone } = random;
        const series = toRow(random);
        const all = starts(series);
        if (all.length < 2) return;
        const at = all[picked % Math.min(all.length, 300)]!;
        const day = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone).toPlainDate();
        const time = new Temporal.PlainTime(Math.floor(minute / 60), minute % 60);
        const newStart = day.toZonedDateTime({ timeZone, plainTime: time }).toInstant();
        fc.pre(hasTimeOfDayOfFirst(random, at));
        const to = { dateTime: formatInstant(newStart.epochMilliseconds), timeZone };
        const result = splitSeries(series, { dateTime: at, timeZone }, [], to);
        if (result === null || 'refusal' in result) return;
        const shift = wall(at, timeZone).until(wall(to.dateTime, timeZone));
        const expected = all
          .filter((start) => start >= at)
          .map((start) => wall(start, timeZone).add(shift).toZonedDateTime(timeZone))
          .map(({ epochMilliseconds }) => formatInstant(epochMilliseconds));
        const after = starts(headAndTail(series, result)[1], horizon('2014-01-01', '2031-01-01'));
        const untilDecember = (found: string[]) => found.filter((start) => start < '2029-12-01').length;
        expect(untilDecember(after)).toBe(untilDecember(expected));
        // An occurrence that summer time has moved goes back to its own time of day.
        const regular = (_start: string, index: number) =>
          hasTimeOfDayOfFirst(random, all[all.length - expected.length + index]!);
        expect(after.slice(0, expected.length).filter(regular)).toEqual(expected.filter(regular));
      }),
      { numRuns: propertyRuns(120) },
    );
  });
});

function wall(instant: string, timeZone: string): Temporal.PlainDateTime {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDateTime();
}

/** Only one rule decides what the series has. */
function isSimple({ rules, excludingRules, additions }: RandomSeries): boolean {
  return rules.length === 1 && excludingRules.length === 0 && additions.length === 0;
}

/** Not moved out of an hour that summer time skips. */
function hasTimeOfDayOfFirst({ startMs, timeZone }: RandomSeries, at: string): boolean {
  const first = wall(formatInstant(startMs), timeZone).toPlainTime();
  return wall(at, timeZone).toPlainTime().equals(first);
}

/** The starts of one rule by the `rrule` library, which knows no zones: Temporal adds the zone. */
function startsByLibrary(recurrence: readonly string[], startMs: number, timeZone: string): string[] {
  const text = recurrence.find((line) => line.startsWith('RRULE:'))?.slice('RRULE:'.length) ?? '';
  const until = /;UNTIL=([^;]+)/.exec(text)?.[1];
  const first = new Date(`${wall(formatInstant(startMs), timeZone).toString({ smallestUnit: 'second' })}Z`);
  const found = new RRule({ ...RRule.parseString(text.replace(/;UNTIL=[^;]+/, '')), dtstart: first })
    .between(new Date(first.getTime() - DAY_MS), new Date('2030-01-03T00:00:00Z'), true)
    .map((date) =>
      formatInstant(
        Temporal.PlainDateTime.from(date.toISOString().slice(0, 19)).toZonedDateTime(timeZone)
          .epochMilliseconds,
      ),
    )
    .filter((start) => !until || start.replaceAll(/[-:]/g, '') <= until);
  return [...new Set([formatInstant(startMs), ...found])];
}

describe('editSeries', () => {
  it('moves the whole series by as much as one occurrence, on the wall clock, with the new duration', () => {
    const series = mondays('RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260420T070000Z', 'EXDATE:20260112T080000Z');
    // In summer: 9:00 becomes 11:30.
    const result = edit(
      series,
      berlin('2026-04-13T07:00:00Z'),
      berlin('2026-04-13T09:30:00Z'),
      berlin('2026-04-13T09:45:00Z'),
    );
    expect(result).toEqual({
      start: berlin('2026-01-05T10:30:00Z'),
      end: berlin('2026-01-05T10:45:00Z'),
      recurrence: ['RRULE:FREQ=WEEKLY;BYDAY=MO;UNTIL=20260420T093000Z', 'EXDATE:20260112T103000Z'],
    });
  });

  it('leaves the lines alone when only the duration changes', () => {
    const lines = ['RRULE:UNTIL=20260420T070000Z;FREQ=WEEKLY', 'EXDATE;TZID=Europe/Berlin:20260112T090000'];
    const same = berlin('2026-01-19T08:00:00Z');
    expect(edit(mondays(...lines), same, same, berlin('2026-01-19T11:00:00Z'))).toEqual({
      start: berlin('2026-01-05T08:00:00Z'),
      end: berlin('2026-01-05T11:00:00Z'),
      recurrence: lines,
    });
  });

  it('moves to another day a rule that names none', () => {
    const result = edit(
      mondays('RRULE:FREQ=WEEKLY;COUNT=3', 'EXDATE:20260112T080000Z'),
      berlin('2026-01-19T08:00:00Z'),
      berlin('2026-01-21T08:00:00Z'),
      berlin('2026-01-21T09:00:00Z'),
    );
    expect(result.start).toEqual(berlin('2026-01-07T08:00:00Z'));
    expect(result.recurrence).toEqual(['RRULE:FREQ=WEEKLY;COUNT=3', 'EXDATE:20260114T080000Z']);
  });

  it.each([
    'RRULE:FREQ=WEEKLY;BYDAY=MO',
    'RRULE:FREQ=MONTHLY;BYMONTHDAY=5',
    'RRULE:FREQ=YEARLY;BYYEARDAY=5',
    'RRULE:FREQ=YEARLY;BYWEEKNO=2',
    'RRULE:FREQ=MONTHLY;BYMONTH=1,2',
    'RRULE:FREQ=MONTHLY;BYDAY=MO;BYSETPOS=1',
  ])('asks for the rule when the day changes and %s names it', (rule) => {
    const first = berlin('2026-01-05T08:00:00Z');
    const nextDay = [berlin('2026-01-06T08:00:00Z'), berlin('2026-01-06T09:00:00Z')] as const;
    expect(editSeries(mondays(rule), first, ...nextDay)).toEqual({ refusal: 'rule-needed' });
    const sameDay = [berlin('2026-01-05T10:00:00Z'), berlin('2026-01-05T11:00:00Z')] as const;
    expect(editSeries(mondays(rule), first, ...sameDay)).toMatchObject({ recurrence: [rule] });
  });

  it('asks for the rule when a month would lose or gain occurrences, and when the rule names the time', () => {
    const monthly = timedSeries('UTC', '2026-01-30T09:00:00Z', '2026-01-30T10:00:00Z', 'RRULE:FREQ=MONTHLY');
    const utc = (dateTime: string): EventTime => ({ dateTime, timeZone: 'UTC' });
    const at = utc('2026-01-30T09:00:00Z');
    expect(editSeries(monthly, at, utc('2026-02-01T09:00:00Z'), utc('2026-02-01T10:00:00Z'))).toEqual({
      refusal: 'rule-needed',
    });
    const atNine = timedSeries(
      'UTC',
      '2026-01-30T09:00:00Z',
      '2026-01-30T10:00:00Z',
      'RRULE:FREQ=DAILY;BYHOUR=9',
    );
    expect(editSeries(atNine, at, utc('2026-01-30T10:00:00Z'), utc('2026-01-30T11:00:00Z'))).toEqual({
      refusal: 'rule-needed',
    });
  });

  it('refuses an occurrence that the series does not have', () => {
    const at = berlin('2026-01-06T08:00:00Z');
    expect(editSeries(mondays('RRULE:FREQ=WEEKLY'), at, at, berlin('2026-01-06T09:00:00Z'))).toEqual({
      refusal: 'no-such-occurrence',
    });
  });

  it('writes the dates of a timed series as days when it becomes all-day', () => {
    const result = edit(
      mondays(
        'RRULE:FREQ=WEEKLY;UNTIL=20260420T060000Z',
        'EXDATE:20260112T080000Z',
        'RDATE;TZID=Europe/Berlin:20260114T093000',
      ),
      berlin('2026-01-19T08:00:00Z'),
      { date: '2026-01-20' },
      { date: '2026-01-22' },
    );
    expect(result).toEqual({
      start: { date: '2026-01-06' },
      end: { date: '2026-01-08' },
      // The occurrence of 20 April began after UNTIL.
      recurrence: [
        'RRULE:FREQ=WEEKLY;UNTIL=20260420',
        'EXDATE;VALUE=DATE:20260113',
        'RDATE;VALUE=DATE:20260115',
      ],
    });
  });

  it('writes the dates of an all-day series as instants when it becomes timed', () => {
    const series = allDaySeries(
      '2026-01-05',
      '2026-01-06',
      'RRULE:FREQ=WEEKLY;UNTIL=20260420',
      'EXDATE;VALUE=DATE:20260112,20260330',
    );
    const result = edit(
      series,
      { date: '2026-01-19' },
      berlin('2026-01-19T08:00:00Z'),
      berlin('2026-01-19T09:00:00Z'),
    );
    expect(result).toEqual({
      start: berlin('2026-01-05T08:00:00Z'),
      end: berlin('2026-01-05T09:00:00Z'),
      recurrence: ['RRULE:FREQ=WEEKLY;UNTIL=20260420T070000Z', 'EXDATE:20260112T080000Z,20260330T070000Z'],
    });
  });

  it('stays on the clock of its zone, unless the series is to run on another', () => {
    const NEW_YORK = 'America/New_York';
    const at = (dateTime: string) => ({ dateTime, timeZone: NEW_YORK });
    const change = [
      mondays('RRULE:FREQ=WEEKLY;UNTIL=20260420T070000Z'),
      berlin('2026-01-19T08:00:00Z'),
      at('2026-01-19T14:00:00Z'),
      at('2026-01-19T15:00:00Z'),
    ] as const;
    expect(edit(...change)).toEqual({
      start: berlin('2026-01-05T14:00:00Z'),
      end: berlin('2026-01-05T15:00:00Z'),
      recurrence: ['RRULE:FREQ=WEEKLY;UNTIL=20260420T130000Z'],
    });
    // Three weeks of March lie between the summer times of both.
    const excluded = mondays('RRULE:FREQ=WEEKLY', 'EXDATE:20260316T080000Z,20260330T070000Z');
    const [, ...times] = change;
    expect(edit(excluded, ...times, { timeZone: NEW_YORK })).toEqual({
      start: at('2026-01-05T14:00:00Z'),
      end: at('2026-01-05T15:00:00Z'),
      recurrence: ['RRULE:FREQ=WEEKLY', 'EXDATE:20260316T130000Z,20260330T130000Z'],
    });
  });

  it('moves to another day with the rule that is given', () => {
    const recurrence = ['RRULE:FREQ=WEEKLY;BYDAY=TU'];
    const result = edit(
      mondays('RRULE:FREQ=WEEKLY;BYDAY=MO'),
      berlin('2026-01-19T08:00:00Z'),
      berlin('2026-01-20T10:00:00Z'),
      berlin('2026-01-20T11:00:00Z'),
      { recurrence },
    );
    expect(result).toEqual({
      start: berlin('2026-01-06T10:00:00Z'),
      end: berlin('2026-01-06T11:00:00Z'),
      recurrence,
    });
  });

  it('keeps the number of occurrences of a random series', () => {
    fc.assert(
      fc.property(anySeries, fc.nat(), fc.integer({ min: -3_000, max: 3_000 }), (random, picked, minutes) => {
        const { timeZone, durationMs } = random;
        const series = toRow(random);
        const all = starts(series);
        if (all.length === 0) return;
        const at = all[picked % all.length]!;
        const newMs = Date.parse(at) + minutes * 60_000;
        const times = [newMs, newMs + durationMs].map((ms) => fromMs(ms, false, timeZone));
        const result = editSeries(series, { dateTime: at, timeZone }, times[0]!, times[1]!);
        if ('refusal' in result) {
          expect(result.refusal).toBe('rule-needed');
          return;
        }
        const moved = row({ id: 's', ...timesOf(result), recurrence: result.recurrence });
        const around = horizon('2013-01-01', '2031-01-01');
        // An endless series has others at the edges of the horizon.
        if ((seriesEnd(series) ?? '9999') < '2030-12-01')
          expect(starts(moved, around)).toHaveLength(starts(series, around).length);
        const movedStarts = starts(moved, around);
        if (hasTimeOfDayOfFirst(random, at)) expect(movedStarts).toContain(formatInstant(newMs));
      }),
      { numRuns: propertyRuns(200) },
    );
  });
});

function timesOf({ start, end }: { start: EventTime; end: EventTime }) {
  return { start: { ...start }, end: { ...end } };
}
