import { spawnSync } from 'node:child_process';
import path from 'node:path';

/** The Python that `ALMANAC_PYTHON` names, or the one on the path. */
export const PYTHON = process.env.ALMANAC_PYTHON ?? 'python3';

/** Whether Python can import all of `modules`; tests that need them are skipped where it cannot. */
export function pythonHas(...modules: string[]): boolean {
  return spawnSync(PYTHON, ['-c', `import ${modules.join(', ')}`]).status === 0;
}

/** Runs a script of this folder to its end and returns what it printed. */
export function runPython(script: string, input: string | Buffer, args: string[] = []): string {
  const result = spawnSync(PYTHON, [path.join(import.meta.dirname, script), ...args], {
    input,
    maxBuffer: 1 << 30,
    encoding: 'utf8',
  });
  if (result.status !== 0) {
    const { status, signal, stderr, error } = result;
    throw new Error(
      `${script} ended with ${signal ?? status}: ${stderr || (error?.message ?? 'no message')}`,
    );
  }
  return result.stdout;
}
