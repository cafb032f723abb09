import { formatCount, formatMiB, formatSpread, printTable } from '../support/report.ts';
import type { FullSyncReport, Variant } from './measure.ts';

const NAMES: Record<Variant, string> = {
  almanac: 'Almanac, first full sync',
  unchanged: 'Almanac, unchanged full resync',
  'floor: everything': 'floor: bare loop, the same rows',
  'floor: events': 'floor: bare loop, events alone',
};

export function printFullSync({ listedEvents, options, summary, costliestStatements }: FullSyncReport): void {
  process.stdout.write(
    `${formatCount(listedEvents)} events in one calendar, ${options.recurringShare * 100} % of them series; ` +
      `${options.runs} runs, fresh database and processes each\n`,
  );
  printTable(
    ['', 'events/s', 'seconds', 'time / same rows', 'time / events alone', 'peak RSS'],
    summary.map((of) => [
      NAMES[of.variant],
      formatSpread(of.spread),
      (of.ms / 1_000).toFixed(2),
      of.timeOverFloor.toFixed(2),
      of.timeOverEventsFloor.toFixed(2),
      formatMiB(of.peakBytes),
    ]),
  );
  printTable(
    ['', 'requests', 'statements', 'begin/commit', 'ms in Postgres', 'events', 'occurrences', 'changes'],
    summary.map(({ variant, rowsWritten, ...of }) => [
      NAMES[variant],
      ...[of.requests, of.statements, of.transactionControl, of.postgresMs].map(formatCount),
      ...Object.values(rowsWritten).map(formatCount),
    ]),
  );
  printTable(
    ['costliest statements of a first full sync', 'calls', 'ms', 'rows'],
    costliestStatements.map(({ query, calls, ms, rows }) => [query, ...[calls, ms, rows].map(formatCount)]),
  );
}
