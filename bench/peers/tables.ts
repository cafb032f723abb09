import { formatCount, formatMiB, formatSpread } from '../support/report.ts';
import { type Spread, spreadOf } from '../support/statistics.ts';
import type { Kill } from './kill-test.ts';
import type { PeerRun, Scenario } from './measure.ts';
import { type PeerName, PEERS } from './peer.ts';

export interface PeersTable {
  title: string;
  head: string[];
  rows: string[][];
}

/** All runs over one calendar. */
export interface SizeReport {
  /** Number of items in its listing, which has exceptions besides the requested events. */
  listedEvents: number;
  runs: PeerRun[];
}

const NAMES: Record<PeerName, string> = {
  almanac: 'Almanac',
  'floor-same-rows': 'bare floor, the same rows',
  floor: 'bare floor, events alone',
  'gcal-sync': 'gcal_sync, in memory',
  'gcal-sync-occurrences': 'gcal_sync, occurrences too',
  'usual-loop': 'usual loop, an upsert per event',
  refill: 'delete all and refill',
};
const NONE = '–';
const KIB = 1_024;

interface Summary {
  peer: PeerName;
  ms: Spread;
  /** The run of the median time. */
  median: PeerRun;
  peakBytes: number;
}

function summarise({ runs }: SizeReport, scenario: Scenario): Summary[] {
  return PEERS.flatMap((peer) => {
    const own = runs.filter((run) => run.peer === peer && run.scenario === scenario);
    const ms = spreadOf(own.map((run) => run.ms));
    const median = own.find((run) => run.ms === ms.median);
    return median ? [{ peer, ms, median, peakBytes: Math.max(...own.map((run) => run.peakBytes)) }] : [];
  });
}

const seconds = (ms: number) => (ms / 1_000).toFixed(2);
const rowsOf = ({ rowsWritten }: PeerRun) =>
  Object.values(rowsWritten).reduce((sum, count) => sum + count, 0);

function throughputTable(size: SizeReport, scenario: 'full' | 'unchanged', title: string): PeersTable {
  const summaries = summarise(size, scenario);
  const almanac = summaries.find(({ peer }) => peer === 'almanac')?.ms.median ?? Number.NaN;
  return {
    title: `${title} of ${formatCount(size.listedEvents)} events`,
    head: [
      '',
      'events/s',
      'seconds',
      'Almanac’s speed ÷ its',
      'processor s',
      'in Postgres',
      'requests',
      'statements',
      'event rows',
      'all rows',
      'WAL',
      'peak RSS',
    ],
    rows: summaries.map(({ peer, ms, median, peakBytes }) => [
      NAMES[peer],
      formatSpread({
        median: perSecond(size, ms.median),
        min: perSecond(size, ms.max),
        max: perSecond(size, ms.min),
      }),
      seconds(ms.median),
      (ms.median / almanac).toFixed(2),
      seconds(median.processorMs.own),
      seconds(median.processorMs.postgres),
      formatCount(median.requests),
      formatCount(median.statements),
      formatCount(median.rowsWritten.calendar_events),
      formatCount(rowsOf(median)),
      formatMiB(median.walBytes),
      formatMiB(peakBytes),
    ]),
  };
}

function perSecond({ listedEvents }: SizeReport, ms: number): number {
  return (listedEvents / ms) * 1_000;
}

function idleTable(size: SizeReport): PeersTable {
  return {
    title: `Idle incremental sync of ${formatCount(size.listedEvents)} events`,
    head: ['', 'ms', 'processor ms', 'in Postgres', 'requests', 'statements', 'event rows', 'WAL KiB'],
    rows: summarise(size, 'idle').map(({ peer, ms, median }) => [
      NAMES[peer],
      formatSpread(ms),
      median.processorMs.own.toFixed(0),
      median.processorMs.postgres.toFixed(0),
      median.requests.toFixed(2),
      median.statements.toFixed(2),
      formatCount(median.rowsWritten.calendar_events),
      (median.walBytes / KIB).toFixed(1),
    ]),
  };
}

/** The tables of one calendar. */
export function sizeTables(size: SizeReport): PeersTable[] {
  return [
    throughputTable(size, 'full', 'Full sync'),
    throughputTable(size, 'unchanged', 'Unchanged full resync'),
    idleTable(size),
  ];
}

/** Table of the kills. */
export function killTable(kills: readonly Kill[]): PeersTable {
  const list = (own: readonly Kill[], value: (kill: Kill) => number) =>
    own.map(value).map(formatCount).join(', ');
  return {
    title: 'Killed in the middle of the first full sync, started again',
    head: ['', 'crash-safe', 'a reader sees', 'of', 'missing', 'ghosts', 'stale', 'second run, s'],
    rows: PEERS.flatMap((peer) => {
      const own = kills.filter((kill) => kill.peer === peer);
      if (own.length === 0) return [];
      const repaired = own.every(({ missing, ghosts, stale }) => missing + ghosts + stale === 0);
      return [
        [
          peer === 'gcal-sync' ? 'gcal_sync, in a file' : NAMES[peer],
          repaired ? 'yes' : 'no',
          list(own, ({ seen }) => seen),
          formatCount(Math.max(...own.map(({ of }) => of))),
          list(own, ({ missing }) => missing),
          list(own, ({ ghosts }) => ghosts),
          list(own, ({ stale }) => stale),
          own.map(({ secondRunMs }) => seconds(secondRunMs)).join(', ') || NONE,
        ],
      ];
    }),
  };
}

/** Tables as Markdown. */
export function toMarkdown(tables: readonly PeersTable[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return tables
    .flatMap(({ title, head, rows }) => [
      `## ${title}`,
      '',
      line(head),
      line(head.map((_, index) => (index === 0 ? '---' : '---:'))),
      ...rows.map(line),
      '',
    ])
    .join('\n');
}
