import { formatCount, printTable } from '../support/report.ts';
import type { AvailabilityReport } from './measure.ts';

export function printAvailability(report: AvailabilityReport): void {
  const { workspaces, weeks, occurrences, connections, results } = report;
  printTable(
    [
      `${workspaces} workspaces of ${formatCount(occurrences)} occurrences, ${weeks} weeks, ${connections} connections`,
      'answer',
      'p50 ms',
      'p95 ms',
      'p99 ms',
      'processor ms',
      'of Postgres',
    ],
    results.map(({ name, answer, latency }) => [
      name,
      answer,
      latency.p50Ms.toFixed(1),
      latency.p95Ms.toFixed(1),
      latency.p99Ms.toFixed(1),
      latency.ownMs.toFixed(2),
      latency.postgresMs.toFixed(2),
    ]),
  );
}
