import { allHandlersFinished, condition } from '@temporalio/workflow';
import type { FailureType } from '../contracts/failure-types.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import type { SyncNowResult, SyncRequest } from '../contracts/sync.ts';
import type { CalendarSyncResult } from '../contracts/sync-result.ts';
import type { SyncLedger } from './sync-ledger.ts';
import type { SyncTurns } from './sync-turns.ts';

/** A request whose caller waits for its result. */
interface AwaitedRequest {
  /** The pass that serves it. */
  pass: number;
  /** Undefined: every calendar. */
  calendarIds: ReadonlySet<string> | undefined;
  /** Results of the turns that have served it. */
  results: Map<string, CalendarSyncResult>;
}

/** Notes the outcome of a turn for the callers that wait for it. */
interface ServedCallers {
  /** `mode` is that of the listing, as for the ledger, whose totals the turn has just changed. */
  note(mode: SyncMode): void;
  fail(error: FailureType): void;
}

/**
 * Requests of the update `syncNow`. Each is answered when every calendar that it means has had a turn that
 * began after it, with the results of these turns, however long the run goes on for others.
 */
export class AwaitedRequests {
  private readonly ledger: SyncLedger;
  private readonly turns: SyncTurns;
  private readonly open = new Set<AwaitedRequest>();
  private planned = 0;
  private isEnding = false;

  constructor(ledger: SyncLedger, turns: SyncTurns) {
    this.ledger = ledger;
    this.turns = turns;
  }

  /** Waits for the pass that serves a request. Null: the run ends without it. */
  async serve({ calendarIds }: SyncRequest, pass: number): Promise<SyncNowResult> {
    const named = calendarIds?.map((id) => id.toLowerCase());
    const request: AwaitedRequest = { pass, calendarIds: named && new Set(named), results: new Map() };
    this.open.add(request);
    await condition(() => this.isEnding || this.isServed(request));
    this.open.delete(request);
    return this.isServed(request) ? this.resultOf(request) : null;
  }

  /** From here on turns serve the requests of the passes before this one. */
  planUpTo(pass: number): void {
    this.planned = pass;
  }

  /** The callers that a turn beginning now serves. */
  servedBy(calendarId: string, asked: SyncMode): ServedCallers {
    const callers = [...this.open].filter(
      (request) => request.pass < this.planned && isMeant(request, calendarId),
    );
    const before = this.ledger.totalsOf(calendarId);
    const report = (mode: SyncMode, error?: FailureType) => {
      const { upserted, deleted, pages } = this.ledger.totalsOf(calendarId);
      const counts = {
        upserted: upserted - before.upserted,
        deleted: deleted - before.deleted,
        pages: pages - before.pages,
      };
      const result = { calendarId, mode, ...counts, ...(error !== undefined && { error }) };
      for (const { results } of callers) results.set(calendarId, result);
    };
    let listed = asked;
    return {
      note: (mode) => report((listed = mode)),
      fail: (error) => report(listed, error),
    };
  }

  /**
   * Answers every caller, with null if the request is not served, and returns when all have their answers.
   */
  async end(): Promise<void> {
    this.isEnding = true;
    await condition(allHandlersFinished);
    this.isEnding = false;
  }

  private isServed(request: AwaitedRequest): boolean {
    const { pass, calendarIds } = request;
    if (pass >= this.planned) return false;
    if (calendarIds === undefined && this.turns.isRefreshing(pass)) return false;
    return !this.turns.queue.owes(pass, (id) => isMeant(request, id));
  }

  private resultOf({ calendarIds, results }: AwaitedRequest): SyncNowResult {
    // A named calendar without a turn may be one of an account that cannot be reached.
    const isComplete = calendarIds !== undefined && [...calendarIds].every((id) => results.has(id));
    return this.ledger.resultOf([...results.values()], isComplete ? [] : this.ledger.failedAccounts());
  }
}

function isMeant({ calendarIds }: AwaitedRequest, calendarId: string): boolean {
  return calendarIds?.has(calendarId) !== false;
}
