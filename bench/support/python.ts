import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { PROJECT_ROOT } from '../../dev/project-root.ts';

/** Runs a program to its end and returns what it printed. */
export function runProgram(command: string, args: string[], options: object = {}): string {
  const result = spawnSync(command, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...options });
  if (result.status !== 0)
    throw new Error(`${command} failed: ${result.stderr || String(result.error ?? result.signal)}`);
  return result.stdout;
}

/** A Python with `packages`, in a folder of the project's own state; made on first use. */
export function pythonWith(folderName: string, packages: string[]): string {
  const folder = join(PROJECT_ROOT, '.almanac', folderName);
  const python = join(folder, 'bin', 'python');
  // Written last, so that what was broken off is made again.
  const complete = join(folder, 'complete');
  if (!existsSync(complete)) {
    process.stderr.write(`Installing ${packages.join(', ')} into .almanac/${folderName} (once) …\n`);
    runProgram('python3', ['-m', 'venv', '--clear', folder]);
    runProgram(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...packages]);
    runProgram('touch', [complete]);
  }
  return python;
}
