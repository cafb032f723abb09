import { Command } from 'commander';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { measureOracle } from './oracle/measure.ts';
import { printOracle } from './oracle/print.ts';

interface Options {
  seed: number;
  edits: number;
  calendars: number;
  json?: boolean;
}

const MOST_SEEDS = 2 ** 31;

const program = new Command('oracle')
  .description(
    'random edits, mirrored by Almanac and by gcal_sync, an independent client: both must hold the same',
  )
  .option('--seed <number>', 'of the edits; default a random one', toWholeNumber(0, MOST_SEEDS))
  .option('--edits <number>', 'how many', toWholeNumber(1, 1_000_000), 1_000)
  .option('--calendars <number>', 'calendars that are edited', toWholeNumber(1, 20), 2)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, ...options } = program.opts<Options>();
const seed = options.seed ?? Math.floor(Math.random() * MOST_SEEDS);
const report = await measureOracle({ ...options, seed });
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printOracle(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit(report.differences.length > 0 ? 1 : 0));
