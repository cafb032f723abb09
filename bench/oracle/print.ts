import { formatCount, printTable } from '../support/report.ts';
import type { OracleReport } from './run-oracle.ts';

export function printOracle({ seed, edits, differences, known, ...report }: OracleReport): void {
  printTable(
    ['seed', 'edits', 'comparisons', 'events compared', 'occurrences compared', 'differences'],
    [
      [
        String(seed),
        ...[
          edits,
          report.comparisons,
          report.itemsCompared,
          report.occurrencesCompared,
          differences.length,
        ].map(formatCount),
      ],
    ],
  );
  printTable(
    ['known to differ (bench/README.md)', 'times'],
    Object.entries(known).map(([name, times]) => [name, formatCount(times)]),
  );
  for (const difference of differences) process.stdout.write(`${JSON.stringify(difference, null, 2)}\n`);
  if (differences.length > 0)
    process.stdout.write(`Again: npm run oracle -- --seed ${seed} --edits ${edits}\n`);
}
