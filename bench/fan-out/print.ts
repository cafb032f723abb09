import { formatCount, formatMiB, printTable } from '../support/report.ts';
import type { FanOutComparison } from './measure.ts';
import type { FanOutRun, ProcessorTimes } from './measure-run.ts';

const PROCESSES = ['worker', 'temporal', 'postgres', 'emulator'] as const satisfies (keyof ProcessorTimes)[];

interface Row {
  name: string;
  workspaces: number;
  run: FanOutRun;
  ratio: number;
}

function toRows(report: readonly FanOutComparison[]): Row[] {
  return report.flatMap(({ workspaces, tick, floor, ratio }) => [
    { name: `tick over ${formatCount(workspaces)}`, workspaces, run: tick, ratio },
    { name: `floor of ${formatCount(workspaces)}`, workspaces, run: floor, ratio: 1 },
  ]);
}

export function printFanOut(report: readonly FanOutComparison[]): void {
  const rows = toRows(report);
  printTable(
    ['', 'workspaces/s', '÷ floor', 'child p50 ms', 'p95', 'p99', 'actions', 'SQL', 'Google requests'],
    rows.map(({ name, workspaces, run, ratio }) => [
      name,
      run.perSecond.toFixed(1),
      ratio.toFixed(2),
      formatCount(run.childMs.p50),
      formatCount(run.childMs.p95),
      formatCount(run.childMs.p99),
      `${run.childActions.toFixed(2)} + ${run.fanOutActions.toFixed(3)}`,
      (run.statements / workspaces).toFixed(2),
      (run.requests / workspaces).toFixed(2),
    ]),
  );
  printTable(
    ['', 'history events', 'history KiB', 'pending children', 'worker RSS idle', 'in each quarter', 'peak'],
    rows.map(({ name, run }) => [
      name,
      formatCount(run.mostHistoryEvents),
      formatCount(run.mostHistoryBytes / 1_024),
      formatCount(run.mostPendingChildren),
      formatMiB(run.worker.idleBytes),
      run.worker.quarterBytes.map(formatMiB).join(', '),
      formatMiB(run.worker.peakBytes),
    ]),
  );
  printTable(
    ['processor ms per workspace', ...PROCESSES, 'all'],
    rows.map(({ name, workspaces, run: { processor } }) => {
      const all = PROCESSES.reduce((sum, process) => sum + processor[process], 0);
      return [
        name,
        ...PROCESSES.map((process) => (processor[process] / workspaces).toFixed(1)),
        (all / workspaces).toFixed(1),
      ];
    }),
  );
  printTable(
    ['statements of the last tick', 'calls', 'ms', 'rows'],
    (report.at(-1)?.costliestStatements ?? []).map(({ query, calls, ms, rows: written }) => [
      query,
      formatCount(calls),
      formatCount(ms),
      formatCount(written),
    ]),
  );
}
