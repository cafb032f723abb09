import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureFullSync } from './full-sync/measure.ts';
import { printFullSync } from './full-sync/print.ts';

interface Options {
  events: number;
  runs: number;
  recurringShare: number;
  cpuProfile?: string;
  json?: boolean;
}

const program = new Command('bench:full-sync')
  .description('full sync of one calendar, end to end, beside bare loops over the same pages')
  .option('--events <number>', 'events of the calendar', toWholeNumber(1, 1_000_000), 50_000)
  .option('--runs <number>', 'runs of each variant, in turn', toWholeNumber(1, 100), 5)
  .option('--recurring-share <share>', 'share of series, 0 to 1', Number, 0.1)
  .option('--cpu-profile <folder>', 'write a CPU profile of each worker into this folder')
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<Options>();
const report = await measureFullSync(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printFullSync(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
