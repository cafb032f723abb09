import { formatMiB, printTable } from '../support/report.ts';
import type { IdleSync } from './measure.ts';

export function printIdleSync(report: readonly IdleSync[]): void {
  printTable(
    [
      'idle incremental sync of one calendar',
      'p50 ms',
      'p95 ms',
      'Google requests',
      'SQL statements',
      'activities',
      'local',
      'history events',
      'worker RSS',
    ],
    report.map(({ how, p50Ms, p95Ms, requests, statements, sync, workerBytes }) => [
      how,
      p50Ms.toFixed(0),
      p95Ms.toFixed(0),
      requests.toFixed(2),
      statements.toFixed(2),
      String(sync.activities),
      String(sync.localActivities),
      String(sync.events),
      formatMiB(workerBytes),
    ]),
  );
}
