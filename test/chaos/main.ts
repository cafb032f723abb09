import { Command, InvalidArgumentError } from 'commander';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { createProgress } from '../../dev/progress.ts';
import { isClean, printReport } from './report.ts';
import { type ChaosOptions, runChaos } from './run-chaos.ts';
import { startChaosStack } from './stack.ts';

const MOST_SEEDS = 1_000_000;
const MOST_MINUTES = 1_440;

interface Options extends ChaosOptions {
  keepLogs?: boolean;
  json?: boolean;
}

function toMinutes(text: string): number {
  const value = Number(text);
  if (value > 0 && value <= MOST_MINUTES) return value;
  throw new InvalidArgumentError(`It must be a number above 0, ${MOST_MINUTES} at most.`);
}

const program = new Command('chaos')
  .description('edits, faults and kills at random; then quiet, and the mirror compared with Google')
  .option('--seed <number>', 'decides what is done, and in which order', toWholeNumber(0, MOST_SEEDS), 1)
  .option('--minutes <number>', 'how long the chaos lasts', toMinutes, 1)
  .option('--workspaces <number>', 'workspaces, with some calendars each', toWholeNumber(1, 200), 12)
  .option('--keep-logs', 'keep logs and data also when nothing was found')
  .option('--json', 'print JSON on stdout')
  .parse();

const { json, keepLogs = false, ...options } = program.opts<Options>();
const { seed, minutes, workspaces } = options;
const again = `npm run chaos -- --seed ${seed} --minutes ${minutes} --workspaces ${workspaces}`;
const interruption = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => interruption.abort(new Error(`Stopped by ${signal}.`)));

const progress = createProgress();
const stack = await startChaosStack(progress);
let clean = false;
try {
  const report = await runChaos(stack, options, progress, interruption.signal);
  clean = isClean(report);
  if (json) process.stdout.write(`${JSON.stringify({ clean, ...report }, null, 2)}\n`);
  else printReport(report);
} catch (error) {
  if (interruption.signal.aborted) progress.line(interruption.signal.reason.message);
  else progress.line(error instanceof Error ? (error.stack ?? error.message) : String(error));
} finally {
  const keep = keepLogs || (!clean && !interruption.signal.aborted);
  await stack.close({ keepLogs: keep });
  if (keep) progress.line(`Logs and data: ${stack.directory}`);
  if (!clean && !interruption.signal.aborted) progress.line(`The same again: ${again}`);
}
// Prisma's migration engine keeps a timer.
process.stdout.write('', () => process.exit(clean ? 0 : 1));
