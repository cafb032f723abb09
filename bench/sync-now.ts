import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureSyncNow } from './sync-now/measure.ts';
import { printSyncNow } from './sync-now/print.ts';

const program = new Command('bench:sync-now')
  .description('what callers that wait for a sync of three calendars cost: one, and many within a second')
  .option('--callers <number>', 'callers within a second', toWholeNumber(2, 10_000), 1_000)
  .option('--json', 'print JSON on stdout')
  .parse();

const { callers, json } = program.opts<{ callers: number; json?: boolean }>();
const report = await measureSyncNow(callers);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printSyncNow(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
