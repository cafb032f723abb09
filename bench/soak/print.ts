import { printTable } from '../support/report.ts';
import type { SoakMetric } from './metrics.ts';
import type { SoakReport } from './run.ts';

const MIB = 1_048_576;

function format(metric: SoakMetric, value: number): string {
  if (metric.endsWith('RSS')) return `${(value / MIB).toFixed(1)} MiB`;
  return value.toFixed(Math.abs(value) < 100 ? 2 : 0);
}

/** Slopes with their intervals, and what they come to. */
export function printSoak({ minutes, warmUpMinutes, ticks, edits, workspaces, slopes }: SoakReport): void {
  printTable(
    [
      `${minutes} min, the first ${warmUpMinutes} not counted`,
      'samples',
      'mean',
      'per hour',
      '± (95 %)',
      'limit',
      '',
    ],
    slopes.map(({ metric, fit, limitPerHour, verdict }) => [
      metric,
      String(fit.samples),
      format(metric, fit.mean),
      format(metric, fit.perHour),
      format(metric, fit.plusMinus),
      format(metric, limitPerHour),
      verdict,
    ]),
  );
  process.stdout.write(
    `${ticks} ticks over ${workspaces} workspaces, ${edits} edits. flat: the whole interval lies below the limit; ` +
      'growing: all of it above; not shown: the run was too short or too noisy to tell.\n',
  );
}
