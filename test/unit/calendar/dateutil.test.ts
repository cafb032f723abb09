import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { formatInstant, toMs } from '../../../calendar/event-time.ts';
import { pythonHas, runPython } from '../../support/python/run-python.ts';
import { horizon, propertyRuns, propertySeed, seriesOccurrences } from './fixtures.ts';
import { anySeries, toRow } from './random-series.ts';

const FIFTEEN_MONTHS = horizon('2025-06-01', '2026-09-01');
const available = pythonHas('dateutil', 'zoneinfo');

/** `20260105T090000Z` → `2026-01-05T09:00:00Z` */
function instantText(compact: string): string {
  return compact.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z');
}

describe('expandSeries beside Python’s dateutil', () => {
  it.skipIf(!available)(
    `gives the same starts for random series${available ? '' : ' (skipped: no Python with dateutil)'}`,
    () => {
      const seed = propertySeed();
      // Starts only, so a duration of nothing keeps the windows of both sides equal.
      const cases = fc
        .sample(anySeries, { numRuns: propertyRuns(400), seed })
        .map((series) => ({ ...series, durationMs: 0 }));
      const input = cases.map((series) => {
        const { timeZone, rules, excludingRules } = series;
        const [exclusions, additions] = [series.exclusions, series.additions].map((times) =>
          times.map(instantText),
        );
        const start = formatInstant(series.startMs);
        return JSON.stringify({
          timeZone,
          start,
          rules,
          excludingRules,
          exclusions,
          additions,
          ...FIFTEEN_MONTHS,
        });
      });
      const expected = runPython('dateutil_rules.py', input.join('\n')).trim().split('\n');
      expect(expected).toHaveLength(cases.length);
      const differing = cases.flatMap((series, index) => {
        const ours = seriesOccurrences(toRow(series), [], FIFTEEN_MONTHS).map(({ start }) =>
          formatInstant(toMs(start)),
        );
        const theirs = z.array(z.string()).parse(JSON.parse(expected[index] ?? ''));
        // Their windows include the end.
        const same = ours.join() === theirs.filter((start) => start < FIFTEEN_MONTHS.to).join();
        return same ? [] : [{ series: input[index], ours, theirs }];
      });
      const again = `ALMANAC_PROPERTY_SEED=${seed} ALMANAC_PROPERTY_RUNS=${cases.length} shows it again`;
      expect(differing, again).toEqual([]);
    },
  );
});
