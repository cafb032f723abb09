import { Command } from 'commander';
import * as fc from 'fast-check';
import { toWholeNumber } from '../../terminal/whole-number.ts';
import { arbitraryInput } from '../support/planning/arbitrary-input.ts';
import { faultsOf } from '../support/planning/faults-of.ts';

const PROGRESS_EVERY = 100;
/** Enough for plans that are settled. */
const STEPS = 40_000;

interface Options {
  inputs: number;
  seed: number;
  steps: number;
  defaultSteps?: boolean;
  only?: number;
}

const MOST = 2 ** 31 - 1;
const program = new Command('check:planning')
  .description(
    'plans inputs at random, and checks every rule and claim by code that the planner does not share',
  )
  .option('--inputs <number>', 'how many', toWholeNumber(1, 1_000_000), 1_000)
  .option('--seed <number>', 'of the inputs', toWholeNumber(0, MOST), 1)
  .option('--steps <number>', 'of a search', toWholeNumber(1, MOST), STEPS)
  .option('--default-steps', "the planner's own number of steps, which takes some twenty times as long")
  .option(
    '--only <number>',
    'print one input, from 0, and what is wrong with its plan',
    toWholeNumber(0, MOST),
  )
  .parse();

const { inputs, seed, steps, defaultSteps = false, only } = program.opts<Options>();
const options = defaultSteps ? {} : { steps };

let broken = 0;
for (const [index, input] of fc.sample(arbitraryInput(), { numRuns: inputs, seed }).entries()) {
  if (only !== undefined && index !== only) continue;
  if (only !== undefined) process.stdout.write(`${JSON.stringify(input)}\n`);
  const faults = faultsOf(input, options);
  if (faults.length > 0) {
    broken += 1;
    process.stdout.write(`#${index}: ${faults.join('; ')}\n`);
  }
  if ((index + 1) % PROGRESS_EVERY === 0)
    process.stdout.write(`· ${index + 1} of ${inputs}, ${broken} broken\n`);
}
process.stdout.write(
  `${broken === 0 ? '✔' : '✘'} ${inputs} inputs with seed ${seed}: ${broken === 0 ? 'no rule broken' : `${broken} broken`}\n`,
);
process.exitCode = broken === 0 ? 0 : 1;
