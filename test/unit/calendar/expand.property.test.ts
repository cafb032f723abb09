import * as fc from 'fast-check';
import { RRule } from 'rrule';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import type { EventRow } from '../../../calendar/event-row.ts';
import { formatInstant, toMs } from '../../../calendar/event-time.ts';
import { seriesEnd } from '../../../calendar/series-end.ts';
import { cancelledException, horizon, movedException, propertyRuns, seriesOccurrences } from './fixtures.ts';
import { anySeries, type RandomSeries, singleRuleSeries, toRow, utcText } from './random-series.ts';

const FIFTEEN_MONTHS = horizon('2025-06-01', '2026-09-01');
const DAY_MS = 86_400_000;

function asDate(time: Temporal.PlainDateTime): Date {
  return new Date(`${time.toString({ smallestUnit: 'second' })}Z`);
}

/** The starts by the `rrule` library, which knows no zones: it runs on the wall clock, and Temporal adds the zone. */
function startsByRruleLibrary(series: RandomSeries): string[] {
  const wall = (ms: number) =>
    Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(series.timeZone).toPlainDateTime();
  const [text = ''] = series.rules;
  const until = /;UNTIL=([^;]+)/.exec(text)?.[1];
  const options = RRule.parseString(text.replace(/;UNTIL=[^;]+/, ''));
  const from = Date.parse(FIFTEEN_MONTHS.from);
  const to = Date.parse(FIFTEEN_MONTHS.to);
  const found = new RRule({ ...options, dtstart: asDate(wall(series.startMs)) })
    .between(new Date(from - 4 * DAY_MS), new Date(to + 2 * DAY_MS), true)
    .map(
      (date) =>
        Temporal.PlainDateTime.from(date.toISOString().slice(0, 19)).toZonedDateTime(series.timeZone)
          .epochMilliseconds,
    )
    .filter((ms) => !until || utcText(ms) <= until);
  return [...new Set([series.startMs, ...found])]
    .filter((ms) => ms < to && (ms + series.durationMs > from || ms === from))
    .filter((ms) => !series.exclusions.includes(utcText(ms)))
    .toSorted((a, b) => a - b)
    .map(formatInstant);
}

function starts(row: EventRow, exceptions: EventRow[] = [], window = FIFTEEN_MONTHS): string[] {
  return seriesOccurrences(row, exceptions, window).map(({ start }) => formatInstant(toMs(start)));
}

describe('expandSeries on random series', () => {
  it('gives what the rrule library gives (pitfall 11)', () => {
    fc.assert(
      fc.property(singleRuleSeries, (series) => {
        // For a position before the first of a period, rrule 2.8.1 takes the first. dateutil is asked instead.
        fc.pre(!/BYSETPOS=[^;]*-/.test(series.rules.join()));
        expect(starts(toRow(series))).toEqual(startsByRruleLibrary(series));
      }),
      { numRuns: propertyRuns(400) },
    );
  });

  it('gives for two adjacent windows together what it gives for both as one', () => {
    const cut = fc.integer({
      min: Date.parse('2025-06-02T00:00:00Z'),
      max: Date.parse('2026-08-31T00:00:00Z'),
    });
    fc.assert(
      fc.property(anySeries, cut, (series, cutMs) => {
        const middle = formatInstant(cutMs);
        const row = toRow(series);
        const before = seriesOccurrences(row, [], { from: FIFTEEN_MONTHS.from, to: middle });
        const after = seriesOccurrences(row, [], { from: middle, to: FIFTEEN_MONTHS.to });
        const byKey = new Map([...before, ...after].map((one) => [one.key, one]));
        expect([...byKey.values()]).toEqual(seriesOccurrences(row, [], FIFTEEN_MONTHS));
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('replaces, hides or adds exactly one occurrence for each exception (pitfall 8)', () => {
    const changes = fc.array(
      fc.record({ pick: fc.nat(), cancel: fc.boolean(), byMinutes: fc.integer({ min: -5_000, max: 5_000 }) }),
      { maxLength: 6 },
    );
    fc.assert(
      fc.property(anySeries, changes, fc.boolean(), (series, chosen, foreign) => {
        const row = toRow(series);
        const plain = seriesOccurrences(row, [], FIFTEEN_MONTHS);
        if (plain.length === 0) return;
        const exceptions = new Map<string, EventRow>();
        for (const { pick, cancel, byMinutes } of chosen) {
          const target = plain[pick % plain.length]!;
          // A foreign exception names a start that no rule of whole minutes gives.
          const original = formatInstant(toMs(target.start) + (foreign ? 1_000 : 0));
          const movedTo = toMs(target.start) + byMinutes * 60_000;
          const end = formatInstant(movedTo + series.durationMs);
          exceptions.set(
            original,
            cancel ? cancelledException(original) : movedException(original, formatInstant(movedTo), end),
          );
        }
        const everything = horizon('2025-01-01', '2027-01-01');
        const found = seriesOccurrences(row, [...exceptions.values()], everything);
        expect(new Set(found.map(({ key }) => key)).size).toBe(found.length);
        const shown = [...exceptions.values()].filter(({ status }) => status !== 'cancelled');
        const replaced = foreign ? 0 : exceptions.size;
        expect(found.filter(({ googleEventId }) => googleEventId !== 's')).toHaveLength(shown.length);
        expect(found).toHaveLength(seriesOccurrences(row, [], everything).length - replaced + shown.length);
      }),
      { numRuns: propertyRuns(300) },
    );
  });

  it('has no occurrence after the end of the series', () => {
    fc.assert(
      fc.property(anySeries, (series) => {
        const row = toRow(series);
        const end = seriesEnd(row);
        if (end !== null)
          expect(
            seriesOccurrences(row, [], {
              from: formatInstant(Date.parse(end) + 1_000),
              to: '2500-01-01T00:00:00Z',
            }),
          ).toEqual([]);
        else expect(series.rules.some((text) => !/COUNT|UNTIL/.test(text) || /COUNT/.test(text))).toBe(true);
      }),
      { numRuns: propertyRuns(200) },
    );
  });

  it('survives any text in the place of a rule', () => {
    const line = fc.oneof(
      fc.string(),
      fc
        .tuple(fc.constantFrom('RRULE:', 'EXRULE:', 'RDATE:', 'EXDATE:', 'RRULE:FREQ=DAILY;'), fc.string())
        .map((parts) => parts.join('')),
      fc
        .tuple(
          fc.constantFrom('DAILY', 'WEEKLY', 'MONTHLY', 'YEARLY'),
          fc.constantFrom(
            'BYDAY',
            'BYMONTH',
            'BYMONTHDAY',
            'BYSETPOS',
            'BYWEEKNO',
            'BYYEARDAY',
            'WKST',
            'INTERVAL',
            'COUNT',
            'UNTIL',
            'RSCALE',
          ),
          fc.constantFrom('', '0', '-1', '99', '1e9', 'MO', '6MO', '0MO', '20260230', '1,,2', 'NaN'),
        )
        .map(([freq, key, value]) => `RRULE:FREQ=${freq};${key}=${value}`),
    );
    fc.assert(
      fc.property(singleRuleSeries, fc.array(line, { maxLength: 3 }), (series, lines) => {
        const row = { ...toRow(series), recurrence: lines };
        expect(Array.isArray(seriesOccurrences(row, [], FIFTEEN_MONTHS))).toBe(true);
        seriesEnd(row);
      }),
      { numRuns: propertyRuns(300) },
    );
  });
});
