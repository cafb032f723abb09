import { buildConsole, isConsoleCurrent } from './build-console.mjs';
import { bundleWorkflows, isBundleCurrent } from './bundle.mjs';
import { compile, isCompiled } from './compile.mjs';
import { generateClient, isClientCurrent } from './generate.mjs';
import { installDependencies, isInstalled } from './install.mjs';
import { isLinked, linkProgram } from './link-program.mjs';
import { withBootstrapLock } from './lock.mjs';

const STEPS = [
  { isDone: isInstalled, run: installDependencies },
  { isDone: isLinked, run: linkProgram },
  { isDone: isClientCurrent, run: generateClient },
  { isDone: isCompiled, run: compile, onlyToRun: true },
  { isDone: isBundleCurrent, run: bundleWorkflows, onlyToRun: true },
  { isDone: isConsoleCurrent, run: buildConsole, onlyToRun: true },
];

/** Brings the folder up to date. Takes milliseconds when it already is; safe to run twice at once. */
export async function prepare({ compile: toRun }) {
  const steps = STEPS.filter((step) => toRun || !step.onlyToRun);
  if (steps.every((step) => step.isDone())) return;
  await withBootstrapLock(async () => {
    for (const step of steps) {
      if (!step.isDone()) await step.run();
    }
  });
}
