import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureActions } from './actions/measure.ts';
import { printActions } from './actions/print.ts';

interface Options {
  workspaces: number;
  calendars: number;
  changesADay: number;
  json?: boolean;
}

const program = new Command('bench:actions')
  .description('what Temporal Cloud would bill, counted in the histories of real runs')
  .option('--workspaces <number>', 'workspaces', toWholeNumber(10, 500), 100)
  .option('--calendars <number>', 'calendars of each workspace', toWholeNumber(1, 10), 1)
  .option('--changes-a-day <number>', 'notified changes of each workspace', toWholeNumber(0, 10_000), 10)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<Options>();
const report = await measureActions(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printActions(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
