import Table from 'cli-table3';
import type { Comparison } from './comparison.ts';
import type { LogError } from './change-log.ts';
import type { LeakScan } from './leaks.ts';
import type { FailedSync } from './quiet.ts';
import type { Gap } from './reader.ts';
import type { Written } from './writer.ts';
import type { Tally } from './tally.ts';

const SHOWN = 20;
const KINDS = ['edits', 'writes', 'faults', 'kills', 'requests'] as const;
const MS_PER_SECOND = 1_000;

export interface ChaosReport extends LeakScan {
  seed: number;
  minutes: number;
  workspaces: number;
  accounts: number;
  edits: Tally;
  faults: Tally;
  kills: Tally;
  requests: Tally;
  /** What callers were told about their writes. */
  writes: Tally;
  /** What was held against it. */
  written: Written;
  /** Failed steps of editors, faults, kills and requests, usually because another part was down. */
  failedActs: number;
  comparison: Comparison;
  changeLog: { entries: number; errors: LogError[] };
  /** Errors of a client that followed the change logs during the run. */
  followedChanges: number;
  /** Deliveries that a consumer has stored, and those that came again because it had not answered. */
  deliveries: number;
  repeatedDeliveries: number;
  /** Moments to which time travel was compared. */
  photographs: number;
  /** How often the reader looked at all calendars. */
  looks: number;
  /** Calendars with never edited events that the reader has seen. */
  guardedCalendars: number;
  gaps: Gap[];
  /** Calendars that were synced, by who had asked. */
  runsBySource: Record<string, number>;
  failedSyncs: FailedSync[];
  /** Accounts whose consent had been taken back when the chaos ended. */
  connectedAgain: number;
  openDeadLetters: { id: string; operation: string; failureType: string }[];
  /** Processes that ended without being killed. */
  ownExits: string[];
  longestRecovery: { afterMs: number; kill: string };
  /** Kills after which nothing was in step again. */
  unrecovered: string[];
  /** From the end of the chaos until everything that was begun had ended. */
  settledMs: number;
}

/** A check that has looked at nothing finds nothing: each of these has to be more than 0. */
function evidenceOf(report: ChaosReport): Record<string, number> {
  const { comparison, changeLog } = report;
  return {
    edits: report.edits.total,
    faults: report.faults.total,
    kills: report.kills.total,
    requests: report.requests.total,
    'writes in the journal': report.written.writes,
    'occurrences of writers compared': report.written.occurrences,
    'mails to guests of writers': report.written.mails,
    'calendars compared': comparison.calendars,
    'events compared': comparison.events,
    'occurrences compared': comparison.occurrences,
    'changes replayed': changeLog.entries,
    'changes followed': report.followedChanges,
    'deliveries stored by a consumer': report.deliveries,
    'moments travelled to': report.photographs,
    'looks of the reader': report.looks,
    'calendars with events that are never edited': report.guardedCalendars,
    'histories read': report.histories,
    'bytes of the shortest log': report.shortestLogBytes,
    'stored events with planted words': report.planted,
  };
}

/** Lists that must be empty, by the defect that an entry would prove. */
export function faultsFound(report: ChaosReport): Record<string, readonly object[]> {
  return {
    'differences between mirror and Google': report.comparison.differences,
    'writes of which callers were told otherwise': report.written.errors,
    'errors of the change log': report.changeLog.errors,
    'gaps that a reader saw': report.gaps,
    'secrets or content found': report.leaks,
    'syncs that failed in the quiet': report.failedSyncs,
    'dead letters left open': report.openDeadLetters,
    'processes that ended by themselves': report.ownExits.map((how) => ({ how })),
    'kills without recovery': report.unrecovered.map((kill) => ({ kill })),
    'things that were not looked at': Object.entries(evidenceOf(report))
      .filter(([, count]) => count === 0)
      .map(([what]) => ({ what })),
  };
}

export function isClean(report: ChaosReport): boolean {
  return Object.values(faultsFound(report)).every((found) => found.length === 0);
}

const seconds = (ms: number) => `${(ms / MS_PER_SECOND).toFixed(1)} s`;

function kindsOf(counts: Record<string, number>): string {
  return Object.entries(counts)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

/** Events and results of a run, for people. */
export function printReport(report: ChaosReport): void {
  const { longestRecovery } = report;
  const table = new Table({
    style: { head: [], border: [], compact: true },
    colWidths: [38, 90],
    wordWrap: true,
  });
  const row = (name: string, value: string | number) => table.push([name, String(value)]);
  row('seed', report.seed);
  row('minutes', report.minutes);
  row('workspaces, accounts', `${report.workspaces}, ${report.accounts}`);
  for (const name of KINDS) row(`${name}: ${report[name].total}`, kindsOf(report[name].toJSON()));
  row('acts that failed', report.failedActs);
  row('runs of calendars, by source', kindsOf(report.runsBySource));
  for (const [what, count] of Object.entries(evidenceOf(report))) {
    if (!KINDS.some((kind) => kind === what)) row(what, count);
  }
  row('deliveries that came again', report.repeatedDeliveries);
  row('accounts connected again', report.connectedAgain);
  row('longest recovery after a kill', `${seconds(longestRecovery.afterMs)} ${longestRecovery.kill}`);
  row('all quiet after', seconds(report.settledMs));
  for (const [what, found] of Object.entries(faultsFound(report))) row(what, found.length);
  process.stdout.write(`${table.toString()}\n`);
  for (const [what, found] of Object.entries(faultsFound(report))) {
    if (found.length === 0) continue;
    process.stdout.write(`${what}:\n`);
    for (const one of found.slice(0, SHOWN)) process.stdout.write(`  ${JSON.stringify(one)}\n`);
  }
}
