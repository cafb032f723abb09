import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureIdleSync } from './idle-sync/measure.ts';
import { printIdleSync } from './idle-sync/print.ts';

const program = new Command('bench:idle-sync')
  .description('incremental sync of one calendar in which nothing has changed, by hand and by the fan-out')
  .option('--runs <number>', 'syncs of each kind, one after the other', toWholeNumber(1, 10_000), 200)
  .option('--json', 'print JSON on stdout')
  .parse();

const { runs, json } = program.opts<{ runs: number; json?: boolean }>();
const report = await measureIdleSync(runs);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printIdleSync(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
