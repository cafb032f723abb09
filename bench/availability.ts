import { Command } from 'commander';
import { measureAvailability } from './availability/measure.ts';
import { printAvailability } from './availability/print.ts';
import { toWholeNumber } from '../terminal/whole-number.ts';

const program = new Command('bench:availability')
  .description('who is free when, over HTTP, beside a bare handler that selects the same busy times')
  .option('--workspaces <number>', 'that are asked for at once', toWholeNumber(1, 50), 20)
  .option('--weeks <number>', 'of the window', toWholeNumber(1, 13), 4)
  .option('--occurrences <number>', 'of each workspace', toWholeNumber(100, 100_000), 2_400)
  .option('--connections <number>', 'that ask at the same time', toWholeNumber(1, 100), 1)
  .option('--requests <number>', 'of each kind, to each program', toWholeNumber(20, 100_000), 400)
  .option('--cpu-profile <folder>', 'write a CPU profile of the API into this folder')
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<{
  workspaces: number;
  weeks: number;
  occurrences: number;
  connections: number;
  requests: number;
  cpuProfile?: string;
  json?: boolean;
}>();
const report = await measureAvailability(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printAvailability(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
