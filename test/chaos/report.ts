import Table from 'cli-table3';
import type { Comparison } from './comparison.ts';
import type { Leak } from './canary.ts';
import type { LogError } from './change-log.ts';
import type { FailedSync } from './quiet.ts';
import type { Gap } from './reader.ts';
import type { Tally } from './tally.ts';

const SHOWN = 20;
const MS_PER_SECOND = 1_000;

export interface ChaosReport {
  seed: number;
  minutes: number;
  workspaces: number;
  accounts: number;
  edits: Tally;
  faults: Tally;
  kills: Tally;
  requests: Tally;
  comparison: Comparison;
  changeLog: { entries: number; errors: LogError[] };
  /** How often the reader looked at all calendars. */
  looks: number;
  gaps: Gap[];
  histories: number;
  leaks: Leak[];
  /** Calendars that were synced, by who had asked. */
  runsBySource: Record<string, number>;
  failedSyncs: FailedSync[];
  /** Accounts whose consent had been taken back when the chaos ended. */
  connectedAgain: number;
  openLetters: { id: string; operation: string; failureType: string }[];
  /** Processes that ended although nobody had killed them. */
  ownExits: string[];
  longestRecovery: { afterMs: number; kill: string };
  /** From the end of the chaos until everything that was begun had ended. */
  settledMs: number;
}

/** Everything that must be empty, by what it would prove. */
export function faultsFound(report: ChaosReport): Record<string, readonly object[]> {
  return {
    'differences between mirror and Google': report.comparison.differences,
    'errors of the change log': report.changeLog.errors,
    'gaps that a reader saw': report.gaps,
    'secrets or content found': report.leaks,
    'syncs that failed in the quiet': report.failedSyncs,
    'dead letters left open': report.openLetters,
    'processes that ended by themselves': report.ownExits.map((how) => ({ how })),
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

/** What happened and what came of it, for people. */
export function printReport(report: ChaosReport): void {
  const { comparison, changeLog, longestRecovery } = report;
  const table = new Table({
    style: { head: [], border: [], compact: true },
    colWidths: [38, 90],
    wordWrap: true,
  });
  const row = (name: string, value: string | number) => table.push([name, String(value)]);
  row('seed', report.seed);
  row('minutes', report.minutes);
  row('workspaces, accounts', `${report.workspaces}, ${report.accounts}`);
  for (const name of ['edits', 'faults', 'kills', 'requests'] as const)
    row(`${name}: ${report[name].total}`, kindsOf(report[name].toJSON()));
  row('runs of calendars, by source', kindsOf(report.runsBySource));
  row('calendars compared', comparison.calendars);
  row('events, occurrences compared', `${comparison.events}, ${comparison.occurrences}`);
  row('changes replayed', changeLog.entries);
  row('looks of the reader', report.looks);
  row('histories read', report.histories);
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
