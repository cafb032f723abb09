import { printTable } from '../support/report.ts';
import type { SyncNow } from './measure.ts';

export function printSyncNow(report: readonly SyncNow[]): void {
  printTable(
    [
      'callers that wait for a sync',
      'asked within ms',
      'p50 ms',
      'p95 ms',
      'runs',
      'signals',
      'updates',
      'passes',
      'activities',
      'actions',
    ],
    report.map((round) => [
      `${round.callers}: ${round.way}`,
      ...[round.askedWithinMs, round.p50Ms, round.p95Ms].map((ms) => ms.toFixed(0)),
      ...[round.runs, round.signals, round.updates, round.passes, round.activities, round.actions].map(
        String,
      ),
    ]),
  );
}
