import { Command } from 'commander';
import { MAX_WRITES_PER_BATCH } from '../contracts/limits.ts';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureWrites, type WritesOptions } from './writes/measure.ts';
import { printWrites } from './writes/print.ts';

const program = new Command('bench:writes')
  .description('from a request to an event that Google has confirmed and the mirror shows; and a batch')
  .option('--writes <number>', 'writes of each kind, one after the other', toWholeNumber(1, 10_000), 100)
  .option(
    '--batch <number>',
    'writes in one request',
    toWholeNumber(1, MAX_WRITES_PER_BATCH),
    MAX_WRITES_PER_BATCH,
  )
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<WritesOptions & { json?: boolean }>();
const report = await measureWrites(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printWrites(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
