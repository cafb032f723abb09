import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleTracedWorkflows } from './bundle.mjs';
import { BootstrapError, fail } from './report.mjs';
import { PROGRAM, ROOT } from './paths.mjs';
import { prepare } from './prepare.mjs';

const TARGETS = {
  /** `npm start`: runs in this process, so that signals reach the stack directly. */
  start: { compile: true, run: (args) => runAlmanac(['dev', ...args]) },
  /** Tests run from the sources. */
  test: { compile: false, run: (args) => runVitest(args) },
  build: { compile: true, run: () => bundleTracedWorkflows() },
};

async function runAlmanac(args) {
  process.argv = [process.execPath, PROGRAM, ...args];
  await import(pathToFileURL(PROGRAM).href);
}

function runVitest(args) {
  const vitest = join(ROOT, 'node_modules', 'vitest', 'vitest.mjs');
  const { status } = spawnSync(process.execPath, [vitest, 'run', ...args], { cwd: ROOT, stdio: 'inherit' });
  process.exitCode = status ?? 1;
}

/**
 * Installs, generates and builds what the target needs where it is missing or stale, then runs the target.
 */
export async function runTarget(name, args) {
  const target = TARGETS[name];
  if (!target) fail(`Unknown target ${name}: use one of ${Object.keys(TARGETS).join(', ')}.`, 2);
  try {
    await prepare({ compile: target.compile });
  } catch (error) {
    if (error instanceof BootstrapError) fail(error.message);
    throw error;
  }
  await target.run(args);
}
