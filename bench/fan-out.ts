import { Command, InvalidArgumentError } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureFanOut } from './fan-out/measure.ts';
import { printFanOut } from './fan-out/print.ts';

const MOST_WORKSPACES = 10_000;

interface Options {
  workspaces: number[];
  calendars: number;
  changedShare: number;
  runs: number;
  cpuProfile?: string;
  address?: string;
  namespace: string;
  json?: boolean;
}

function toShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1))
    throw new InvalidArgumentError('It has to be from 0 to 1.');
  return share;
}

const toWorkspaces = toWholeNumber(1, MOST_WORKSPACES);

const program = new Command('bench:fan-out')
  .description('one tick over workspaces that are all due, beside as many children that do nothing')
  .option(
    '--workspaces <numbers>',
    'how many, separated by commas',
    (text) => text.split(',').map(toWorkspaces),
    [100, 1_000, 10_000],
  )
  .option('--calendars <number>', 'calendars of each workspace', toWholeNumber(1, 10), 1)
  .option('--changed-share <share>', 'share of calendars with one new event, 0 to 1', toShare, 0.1)
  .option('--runs <number>', 'runs of each, in turn', toWholeNumber(1, 100), 1)
  .option('--cpu-profile <folder>', "write a CPU profile of each tick's worker into this folder")
  .option('--address <host:port>', 'use this running Temporal server instead of starting one')
  .option('--namespace <name>', "that server's namespace", 'default')
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, address, namespace, ...options } = program.opts<Options>();
const server = address === undefined ? undefined : { address, namespace };
const report = await measureFanOut({ ...options, server });
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printFanOut(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
