import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command } from 'commander';
import { format } from 'prettier';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { PROJECT_ROOT } from '../dev/project-root.ts';
import { toPage } from './peers/page.ts';
import { PEERS, type PeerName } from './peers/peer.ts';
import { comparePeers } from './peers/compare-peers.ts';
import { killTable, sizeTables } from './peers/tables.ts';
import { printTable } from './support/report.ts';

const PAGE = join(PROJECT_ROOT, 'bench', 'peers.md');

interface Options {
  events: string[];
  runs: number;
  recurringShare: number;
  peers: PeerName[];
  killEvents: number;
  publish?: boolean;
  json?: boolean;
}

const program = new Command('bench')
  .description(
    'Almanac beside other ways to mirror a calendar, and beside what none of them can beat, in one run',
  )
  .option('--events <numbers...>', 'events of the calendars', ['10000', '100000'])
  .option('--runs <number>', 'runs of each, in turn', toWholeNumber(1, 100), 5)
  .option('--recurring-share <share>', 'share of series, 0 to 1', Number, 0.1)
  .option('--peers <names...>', PEERS.join(', '), [...PEERS])
  .option(
    '--kill-events <number>',
    'events of the calendar for the kill test; 0: none',
    toWholeNumber(0, 1_000_000),
    10_000,
  )
  .option('--publish', 'write the tables to bench/peers.md')
  .option('--json', 'print JSON on stdout')
  .parse();

const { publish, json, ...options } = program.opts<Options>();
const unknown = options.peers.find((name) => !PEERS.includes(name));
if (unknown !== undefined) program.error(`error: --peers takes ${PEERS.join(', ')}, not ${unknown}.`);
const settings = {
  ...options,
  peers: PEERS.filter((name) => options.peers.includes(name)),
  events: options.events.map(toWholeNumber(1, 1_000_000)),
};

const report = await comparePeers(settings);
const tables = [
  ...report.sizes.flatMap(sizeTables),
  ...(report.kills.length > 0 ? [killTable(report.kills)] : []),
];
if (publish) writeFileSync(PAGE, await format(toPage(tables, settings), { parser: 'markdown' }));
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  for (const { title, head, rows } of tables) {
    process.stdout.write(`\n${title}\n`);
    printTable(head, rows);
  }
}
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
