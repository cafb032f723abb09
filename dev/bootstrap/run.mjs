import { spawn } from 'node:child_process';
import { ROOT } from './paths.mjs';
import { BootstrapError } from './report.mjs';

/** Runs a program and sends all its output to stderr. */
export function run(command, args, { env, what, cwd = ROOT }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd,
      stdio: ['ignore', 2, 2],
      env: { ...process.env, ...env },
    });
    child.on('error', (error) => reject(new BootstrapError(`${what} could not start: ${error.message}.`)));
    child.on('close', (code, signal) => {
      if (code === 0) resolve();
      else reject(new BootstrapError(`${what} failed (${signal ?? `exit ${code}`}): see the lines above.`));
    });
  });
}
