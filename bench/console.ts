import { Command } from 'commander';
import { measureConsole } from './console/measure.ts';
import { printConsole } from './console/print.ts';
import { toWholeNumber } from '../terminal/whole-number.ts';

const program = new Command('bench:console')
  .description('the list of workspaces with health over HTTP, and the console over the same rows in Chromium')
  .option('--workspaces <number>', 'with three calendars each', toWholeNumber(100, 100_000), 10_000)
  .option('--requests <number>', 'of each kind', toWholeNumber(10, 10_000), 100)
  .option('--visits <number>', 'of each page, each by a browser without a cache', toWholeNumber(1, 100), 5)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<{
  workspaces: number;
  requests: number;
  visits: number;
  json?: boolean;
}>();
const report = await measureConsole(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printConsole(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
