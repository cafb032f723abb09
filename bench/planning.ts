import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Command, Option } from 'commander';
import { format } from 'prettier';
import { toWholeNumber } from '../terminal/whole-number.ts';
import { PROJECT_ROOT } from '../dev/project-root.ts';
import { KINDS } from './planning/instances.ts';
import { compare, type Start } from './planning/measure.ts';
import { findSolver } from './planning/solver.ts';
import { summarize } from './planning/summary.ts';
import { HEAD, toMarkdown, toRow } from './planning/table.ts';
import { printTable } from './support/report.ts';

const PAGE = join(PROJECT_ROOT, 'bench', 'planning.md');
const MAX_TASKS = 500;

const program = new Command('bench:planning')
  .description('plans beside plain greedy and beside what CP-SAT finds with the same objective')
  .option('--kinds <names...>', `kinds of instances: ${KINDS.join(', ')}`, [...KINDS])
  .option('--tasks <numbers...>', 'sizes of instances', ['5', '10', '20', '40', '60'])
  .option('--seeds <number>', 'instances of each kind and size', toWholeNumber(1, 1_000), 1)
  .option('--seconds <number>', 'time for CP-SAT per instance', toWholeNumber(1, 3_600), 60)
  .option(
    '--workers <number>',
    'threads of CP-SAT; below 8 it leaves strategies out',
    toWholeNumber(1, 64),
    8,
  )
  .addOption(
    new Option('--start <from>', 'the plan that CP-SAT starts from')
      .choices(['nothing', 'greedy', 'almanac'])
      .default('greedy'),
  )
  .option('--publish', 'write the table to bench/planning.md')
  .option('--json', 'print JSON on stdout')
  .parse();

const options = program.opts<{
  kinds: string[];
  tasks: string[];
  seeds: number;
  seconds: number;
  workers: number;
  start: Start;
  publish?: boolean;
  json?: boolean;
}>();
const limits = { seconds: options.seconds, workers: options.workers };
const kinds = KINDS.filter((kind) => options.kinds.includes(kind));
const sizes = options.tasks.map(toWholeNumber(1, MAX_TASKS));
const python = findSolver();

const comparisons = [];
for (const kind of kinds) {
  for (const tasks of sizes) {
    for (let seed = 1; seed <= options.seeds; seed++) {
      process.stderr.write(`${kind} ${tasks} #${seed} …\n`);
      comparisons.push(compare({ kind, tasks, seed }, python, limits, options.start));
    }
  }
}

const summary = summarize(comparisons);
if (options.publish)
  writeFileSync(PAGE, await format(toMarkdown(comparisons, limits, options.start), { parser: 'markdown' }));
if (options.json) process.stdout.write(`${JSON.stringify({ limits, summary, comparisons }, null, 2)}\n`);
else {
  printTable(HEAD, comparisons.map(toRow));
  process.stdout.write(`${summary.sentence}\n`);
}
