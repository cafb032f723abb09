import type { PartTotals } from '../contracts/sync-activities.ts';
import type { FailureType } from '../contracts/failure-types.ts';
import type { SyncProgress } from '../contracts/sync.ts';
import type { AccountFailure, CalendarSyncResult, SyncResult } from '../contracts/sync-result.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';

const NOTHING: PartTotals = { upserted: 0, deleted: 0, pages: 0 };

/** Results of a run so far, by calendar. Source of its result, its progress and its successor's input. */
export class SyncLedger {
  private readonly workspaceId: string;
  private readonly inherited: Map<string, CalendarSyncResult>;
  private readonly calendars = new Map<string, CalendarSyncResult>();
  private readonly accounts = new Map<string, FailureType>();
  private passes = 0;
  private wanted = 0;
  private done = 0;

  constructor(
    workspaceId: string,
    inherited: readonly CalendarSyncResult[] = [],
    accounts: readonly AccountFailure[] = [],
  ) {
    this.workspaceId = workspaceId;
    for (const { accountId, error } of accounts) this.accounts.set(accountId, error);
    this.inherited = new Map(inherited.map((result) => [result.calendarId, result]));
    for (const result of inherited) this.calendars.set(result.calendarId, result);
  }

  beginPass(calendars: number): void {
    this.passes += 1;
    this.wanted = calendars;
    this.done = 0;
  }

  /** Counts one more calendar in the current pass. */
  extendPass(): void {
    this.wanted += 1;
  }

  /** `totals` are those of the whole run: they replace earlier notes, and add to inherited counts. */
  note(calendarId: string, mode: SyncMode, totals: PartTotals): void {
    const before = this.inherited.get(calendarId);
    const base = before ?? NOTHING;
    this.calendars.set(calendarId, {
      calendarId,
      mode: this.calendars.get(calendarId)?.mode === 'full' ? 'full' : mode,
      upserted: base.upserted + totals.upserted,
      deleted: base.deleted + totals.deleted,
      pages: base.pages + totals.pages,
    });
  }

  finishCalendar(): void {
    this.done += 1;
  }

  failCalendar(calendarId: string, mode: SyncMode, error: FailureType): void {
    const known = this.calendars.get(calendarId) ?? { calendarId, mode, ...NOTHING };
    this.calendars.set(calendarId, { ...known, error });
  }

  failAccount(accountId: string, error: FailureType): void {
    this.accounts.set(accountId, error);
  }

  /** Removes the failure of an account that can be reached again. */
  clearAccount(accountId: string): void {
    this.accounts.delete(accountId);
  }

  /** Counts of a calendar so far. */
  totalsOf(calendarId: string): PartTotals {
    const { upserted, deleted, pages } = this.calendars.get(calendarId) ?? NOTHING;
    return { upserted, deleted, pages };
  }

  results(): CalendarSyncResult[] {
    return [...this.calendars.values()];
  }

  result(): SyncResult {
    return this.resultOf(this.results(), this.failedAccounts());
  }

  /** A result of these calendars and failed accounts. */
  resultOf(calendars: CalendarSyncResult[], accounts: AccountFailure[]): SyncResult {
    return {
      workspaceId: this.workspaceId,
      success: accounts.length === 0 && calendars.every(({ error }) => error === undefined),
      calendars,
      ...(accounts.length === 0 ? {} : { accounts }),
    };
  }

  failedAccounts(): AccountFailure[] {
    return [...this.accounts].map(([accountId, error]) => ({ accountId, error }));
  }

  /** Progress for the Web UI. */
  describe(): string {
    const { passes, calendarsDone, calendarsTotal, pages, upserted, deleted } = this.progress();
    return `Pass ${passes}: ${calendarsDone} of ${calendarsTotal} calendars. Pages: ${pages}, events written: ${upserted}, deleted: ${deleted}`;
  }

  progress(): SyncProgress {
    const sum = (field: keyof PartTotals) =>
      this.results().reduce((total, result) => total + result[field], 0);
    return {
      workspaceId: this.workspaceId,
      passes: this.passes,
      calendarsDone: this.done,
      calendarsTotal: this.wanted,
      pages: sum('pages'),
      upserted: sum('upserted'),
      deleted: sum('deleted'),
    };
  }
}
