import { expect, it } from 'vitest';
import { FailureType } from '../../../contracts/failure-types.ts';
import { MAX_SAMPLE_FAILURES } from '../../../contracts/fan-out.ts';
import { addSyncResult, addSample, addTotals, emptySyncTotals } from '../../../workflows/fan-out-totals.ts';

const calendar = (upserted: number, deleted: number) => ({
  calendarId: 'one',
  mode: 'full' as const,
  pages: 1,
  upserted,
  deleted,
});

it('counts a child that ended well', () => {
  const totals = emptySyncTotals();
  addSyncResult(totals, { workspaceId: 'acme', success: true, calendars: [calendar(2, 1), calendar(3, 0)] });
  expect(totals).toEqual({ ...emptySyncTotals(), succeeded: 1, calendars: 2, upserted: 5, deleted: 1 });
});

it('counts a child that did not, with what it has done and one sample', () => {
  const totals = emptySyncTotals();
  const error = FailureType.googleUnavailable;
  addSyncResult(totals, {
    workspaceId: 'acme',
    success: false,
    calendars: [calendar(2, 1), { ...calendar(0, 0), error }, { ...calendar(0, 0), error }],
  });
  addSyncResult(totals, {
    workspaceId: 'beta',
    success: false,
    calendars: [],
    accounts: [{ accountId: 'account', error: FailureType.googleAuthRevoked }],
  });
  expect(totals).toEqual({
    ...emptySyncTotals(),
    failed: 2,
    calendars: 3,
    upserted: 2,
    deleted: 1,
    sampleFailures: [
      { workspaceId: 'acme', error },
      { workspaceId: 'beta', error: FailureType.googleAuthRevoked },
    ],
  });
});

it('adds every figure of a partition', () => {
  const figures = { succeeded: 1, failed: 2, skipped: 3, calendars: 4, upserted: 5, deleted: 6 };
  const totals = { ...figures, sampleFailures: [{ workspaceId: 'acme', error: 'a' }] };
  addTotals(totals, { ...figures, sampleFailures: [{ workspaceId: 'beta', error: 'b' }] });
  expect(totals).toEqual({
    succeeded: 2,
    failed: 4,
    skipped: 6,
    calendars: 8,
    upserted: 10,
    deleted: 12,
    sampleFailures: [
      { workspaceId: 'acme', error: 'a' },
      { workspaceId: 'beta', error: 'b' },
    ],
  });
});

it(`keeps the first ${MAX_SAMPLE_FAILURES} samples`, () => {
  const totals = emptySyncTotals();
  for (let index = 0; index < 2 * MAX_SAMPLE_FAILURES; index += 1) addSample(totals, `w-${index}`, 'x');
  addTotals(totals, { ...emptySyncTotals(), sampleFailures: [{ workspaceId: 'last', error: 'x' }] });
  expect(totals.sampleFailures).toHaveLength(20);
  expect(totals.sampleFailures.at(-1)?.workspaceId).toBe('w-19');
});
