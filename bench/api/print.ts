import { formatCount, printTable } from '../support/report.ts';
import type { ApiReport } from './measure.ts';

export function printApi({ occurrences, connections, results }: ApiReport): void {
  printTable(
    [
      `${formatCount(occurrences)} occurrences, ${connections} connections`,
      'rows',
      'by',
      'requests/s',
      'p50 ms',
      'p99 ms',
      'processor ms',
      'of Postgres',
    ],
    results.flatMap(({ name, rows, api, bare }) =>
      [
        { by: 'API', ...api },
        { by: 'bare', ...bare },
      ].map((one) => [
        name,
        rows === null ? '–' : formatCount(rows),
        one.by,
        formatCount(one.perSecond),
        formatCount(one.p50Ms),
        formatCount(one.p99Ms),
        one.ownMs.toFixed(2),
        one.postgresMs.toFixed(2),
      ]),
    ),
  );
}
