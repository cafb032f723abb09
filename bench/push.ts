import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measurePush } from './push/measure.ts';
import { printPush } from './push/print.ts';

const program = new Command('bench:push')
  .description('from a change in Google to its row in Postgres, by push; and a flood of notifications')
  .option('--changes <number>', 'changes of each kind, one after the other', toWholeNumber(1, 10_000), 100)
  .option('--notifications <number>', 'notifications in the flood', toWholeNumber(1, 100_000), 1_000)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<{ changes: number; notifications: number; json?: boolean }>();
const report = await measurePush(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printPush(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
