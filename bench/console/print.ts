import { formatCount, printTable } from '../support/report.ts';
import type { ConsoleReport } from './measure.ts';

const KB = 1_000;

export function printConsole({ workspaces, lists, browser }: ConsoleReport): void {
  printTable(
    [`${formatCount(workspaces)} workspaces: list`, 'p50 ms', 'p95 ms'],
    lists.map(({ name, p50Ms, p95Ms }) => [name, p50Ms.toFixed(1), p95Ms.toFixed(1)]),
  );
  printTable(
    ['page, first visit', 'usable ms, median', 'worst', 'loaded kB', 'blocked ms'],
    browser.pages.map(({ name, usableMs, loadedBytes, blockedMs }) => [
      name,
      formatCount(usableMs.median),
      formatCount(usableMs.worst),
      formatCount(loadedBytes / KB),
      formatCount(blockedMs),
    ]),
  );
  const { presented, rows, medianMs, p95Ms, droppedShare } = browser.scroll;
  printTable(
    ['scrolling', 'rows loaded', 'frame median ms', 'p95 ms', 'dropped'],
    [
      [
        `${formatCount(presented)} frames`,
        formatCount(rows),
        medianMs.toFixed(1),
        p95Ms.toFixed(1),
        `${(droppedShare * 100).toFixed(1)} %`,
      ],
    ],
  );
}
