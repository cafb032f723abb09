import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { printSoak } from './soak/print.ts';
import { soak, type SoakOptions } from './soak/run.ts';

const program = new Command('soak')
  .description('ticks, edits and API requests at a steady pace, and whether anything grows')
  .option('--minutes <number>', 'how long', toWholeNumber(1, 10_080), 20)
  .option('--tick-seconds <number>', 'from one tick to the next', toWholeNumber(1, 3_600), 20)
  .option('--workspaces <number>', 'workspaces, with two calendars each', toWholeNumber(1, 10_000), 20)
  .option('--events <number>', 'events of each calendar', toWholeNumber(10, 100_000), 100)
  .option(
    '--aged-by <ticks>',
    'ticks without a pause before it begins: tables grow for hours until they keep their size',
    toWholeNumber(0, 100_000),
    0,
  )
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<SoakOptions & { json?: boolean }>();
const report = await soak(options);
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printSoak(report);
const grows = report.slopes.some(({ verdict }) => verdict === 'growing');
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit(grows ? 1 : 0));
