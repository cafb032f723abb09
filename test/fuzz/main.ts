import { Command } from 'commander';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { fuzzApi, isClean } from './fuzz-api.ts';
import { printFuzz } from './print.ts';

const MOST_SEEDS = 2 ** 31;

interface Options {
  seed?: number;
  examples: number;
  json?: boolean;
}

const program = new Command('fuzz:api')
  .description('asks the API at random, from its OpenAPI document; nothing may be answered with 5xx')
  .option('--seed <number>', 'of the requests; default a random one', toWholeNumber(0, MOST_SEEDS))
  .option('--examples <number>', 'at most so many requests a route', toWholeNumber(1, 100_000), 100)
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, examples, seed = Math.floor(Math.random() * MOST_SEEDS) } = program.opts<Options>();
const report = await fuzzApi({ seed, examples });
if (json) process.stdout.write(`${JSON.stringify(report, null, 2)}\n`);
else printFuzz(report);
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit(isClean(report) ? 0 : 1));
