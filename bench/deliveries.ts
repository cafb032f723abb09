import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureDeliveries } from './deliveries/measure.ts';
import { printLatencies } from './push/print.ts';
import { formatCount, printTable } from './support/report.ts';

const program = new Command('bench:deliveries')
  .description('from a change in Google to its delivery at a webhook, by push, beside idle webhooks')
  .option('--changes <number>', 'changes of each kind, one after the other', toWholeNumber(1, 10_000), 100)
  .option(
    '--idle <number>',
    'idle webhooks, each of a workspace of its own',
    toWholeNumber(0, 100_000),
    10_000,
  )
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<{ changes: number; idle: number; json?: boolean }>();
const report = await measureDeliveries(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else {
  const { latencies, idle } = report;
  printLatencies('from a change in Google to its delivery', latencies);
  printTable(
    ['idle webhooks', 'their workflows', 'look at all of them ms'],
    [[formatCount(idle.webhooks), formatCount(idle.workflows), formatCount(idle.lookMs)]],
  );
}
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit());
