import { Command } from 'commander';
import { measureApi } from './api/measure.ts';
import { printApi } from './api/print.ts';
import { toWholeNumber } from '../terminal/whole-number.ts';

const program = new Command('bench:api')
  .description('notifications and event reads per second, beside a bare handler that does one select')
  .option('--occurrences <number>', 'occurrences of the workspace', toWholeNumber(1_000, 1_000_000), 50_000)
  .option('--connections <number>', 'that ask at the same time', toWholeNumber(1, 1_000), 20)
  .option('--runs <number>', 'of each kind, in turn', toWholeNumber(1, 100), 3)
  .option('--seconds <number>', 'that a run takes', toWholeNumber(1, 600), 5)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<{
  occurrences: number;
  connections: number;
  runs: number;
  seconds: number;
  json?: boolean;
}>();
const report = await measureApi(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printApi(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
