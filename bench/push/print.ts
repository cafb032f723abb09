import { formatCount, printTable } from '../support/report.ts';
import type { Latency, PushReport } from './measure.ts';

export function printLatencies(what: string, latencies: readonly Latency[]): void {
  printTable(
    [what, 'changes', 'p50 ms', 'p95 ms', 'most ms'],
    latencies.map(({ how, changes, p50Ms, p95Ms, maxMs }) => [
      how,
      formatCount(changes),
      formatCount(p50Ms),
      formatCount(p95Ms),
      formatCount(maxMs),
    ]),
  );
}

export function printPush({ latencies, flood }: PushReport): void {
  printLatencies('from a change in Google to its row', latencies);
  printTable(
    ['notifications of one calendar', 'seconds', 'answered in p50 ms', 'p99 ms', 'refused', 'syncs'],
    [
      [
        formatCount(flood.notifications),
        flood.seconds.toFixed(1),
        flood.p50Ms.toFixed(0),
        flood.p99Ms.toFixed(0),
        formatCount(flood.refused),
        formatCount(flood.syncs),
      ],
    ],
  );
}
