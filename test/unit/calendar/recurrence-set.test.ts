import { describe, expect, it } from 'vitest';
import { parseRecurrence } from '../../../calendar/recurrence-set.ts';
import { anchorSeries } from '../../../calendar/series-anchor.ts';
import { timedSeries } from './fixtures.ts';

describe('parseRecurrence', () => {
  const anchor = anchorSeries(timedSeries('UTC', '2026-01-05T09:00:00Z', '2026-01-05T10:00:00Z'))!;

  it('names each line that it passes over, and never its text', () => {
    const lines = [
      'RRULE:',
      'RRULE:FREQ=SOMETIMES',
      'EXDATE:20260106T090000Z,never',
      'RDATE:20261332',
      'COLOR:red',
      'RRULE:FREQ=DAILY',
    ];
    const { warnings, rules, exclusions } = parseRecurrence(lines, anchor);
    expect(warnings).toEqual([
      { line: 0, code: 'empty-rule' },
      { line: 1, code: 'unparsable-rule' },
      { line: 2, code: 'unparsable-date' },
      { line: 3, code: 'unparsable-date' },
      { line: 4, code: 'unknown-property' },
    ]);
    expect(rules).toHaveLength(1);
    expect([...exclusions]).toEqual([Date.parse('2026-01-06T09:00:00Z')]);
  });
});
