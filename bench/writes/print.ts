import { formatCount, formatSpread, printTable } from '../support/report.ts';
import type { WritesReport } from './measure.ts';

export function printWrites({ singles, batch }: WritesReport): void {
  printTable(
    ['single writes', 'writes', 'ms until mirrored', 'emulator alone, ms', 'requests to Google', 'actions'],
    singles.map(({ operation, writes, ms, floorMs, requests, actions }) => [
      operation,
      formatCount(writes),
      formatSpread(ms),
      formatSpread(floorMs),
      requests.toFixed(2),
      formatCount(actions),
    ]),
  );
  printTable(
    ['one request with', 'seconds', 'writes/s', 'requests to Google', 'actions'],
    [
      [
        `${formatCount(batch.writes)} writes`,
        batch.seconds.toFixed(1),
        formatCount(batch.writes / batch.seconds),
        formatCount(batch.requests),
        formatCount(batch.actions),
      ],
    ],
  );
}
