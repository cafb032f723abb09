import { describe, expect, it } from 'vitest';
import { FailureType } from '../../../contracts/failure-types.ts';
import { SyncLedger } from '../../../workflows/sync-ledger.ts';

const totals = (upserted: number, deleted: number, pages: number) => ({ upserted, deleted, pages });

describe('the ledger of a sync', () => {
  it('is a success with nothing in it', () => {
    expect(new SyncLedger('acme', []).result()).toEqual({
      workspaceId: 'acme',
      success: true,
      calendars: [],
    });
  });

  it('replaces totals, which are those of the whole run', () => {
    const ledger = new SyncLedger('acme', []);
    ledger.note('one', 'full', totals(5, 0, 1));
    ledger.note('one', 'full', totals(9, 1, 2));
    expect(ledger.results()).toEqual([{ calendarId: 'one', mode: 'full', ...totals(9, 1, 2) }]);
  });

  it('adds to what an earlier run of the chain has done', () => {
    const inherited = { calendarId: 'one', mode: 'full' as const, ...totals(5, 1, 2) };
    const ledger = new SyncLedger('acme', [inherited]);
    expect(ledger.results()).toEqual([inherited]);
    ledger.note('one', 'incremental', totals(1, 1, 1));
    ledger.note('one', 'incremental', totals(2, 1, 2));
    expect(ledger.results()).toEqual([{ calendarId: 'one', mode: 'full', ...totals(7, 2, 4) }]);
  });

  it('calls a calendar full as soon as one pass listed it anew', () => {
    const ledger = new SyncLedger('acme', []);
    ledger.note('one', 'incremental', totals(0, 0, 1));
    expect(ledger.results()[0]?.mode).toBe('incremental');
    ledger.note('one', 'full', totals(0, 0, 2));
    ledger.note('one', 'incremental', totals(0, 0, 3));
    expect(ledger.results()[0]?.mode).toBe('full');
  });

  it('keeps what a calendar that failed had done, and forgives it when a later pass succeeds', () => {
    const ledger = new SyncLedger('acme', []);
    ledger.note('one', 'full', totals(5, 0, 1));
    ledger.failCalendar('one', 'full', FailureType.googleUnavailable);
    ledger.failCalendar('two', 'incremental', FailureType.googleNotFound);
    expect(ledger.result()).toEqual({
      workspaceId: 'acme',
      success: false,
      calendars: [
        { calendarId: 'one', mode: 'full', ...totals(5, 0, 1), error: FailureType.googleUnavailable },
        { calendarId: 'two', mode: 'incremental', ...totals(0, 0, 0), error: FailureType.googleNotFound },
      ],
    });
    ledger.note('one', 'full', totals(6, 0, 2));
    ledger.note('two', 'incremental', totals(0, 0, 1));
    expect(ledger.result().success).toBe(true);
  });

  it('is no success with an account that cannot be reached', () => {
    const ledger = new SyncLedger('acme', []);
    ledger.failAccount('account', FailureType.googleAuthRevoked);
    ledger.failAccount('account', FailureType.googleAuthRevoked);
    expect(ledger.result()).toEqual({
      workspaceId: 'acme',
      success: false,
      calendars: [],
      accounts: [{ accountId: 'account', error: FailureType.googleAuthRevoked }],
    });
  });

  it('keeps accounts that could not be reached over continue-as-new, until they answer', () => {
    const account = { accountId: 'account', error: FailureType.googleUnavailable };
    const ledger = new SyncLedger('acme', [], [account]);
    expect(ledger.result()).toMatchObject({ success: false, accounts: [account] });
    ledger.clearAccount('account');
    expect(ledger.result()).toEqual({ workspaceId: 'acme', success: true, calendars: [] });
  });

  it('reports the progress of its pass, and the sums of the run', () => {
    const ledger = new SyncLedger('acme', []);
    ledger.beginPass(3);
    ledger.note('one', 'full', totals(5, 1, 2));
    ledger.note('two', 'full', totals(1, 1, 1));
    ledger.finishCalendar();
    expect(ledger.progress()).toEqual({
      workspaceId: 'acme',
      passes: 1,
      calendarsDone: 1,
      calendarsTotal: 3,
      ...totals(6, 2, 3),
    });
    ledger.beginPass(1);
    expect(ledger.progress()).toMatchObject({ passes: 2, calendarsDone: 0, calendarsTotal: 1, pages: 3 });
    ledger.extendPass();
    expect(ledger.progress()).toMatchObject({ passes: 2, calendarsDone: 0, calendarsTotal: 2 });
  });
});
