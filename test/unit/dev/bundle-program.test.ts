import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { runCli } from '../../support/run-cli.ts';

const fileOfProgram = (name: string) =>
  fileURLToPath(new URL(`../../../dist/program/${name}`, import.meta.url));

it('runs the command line that the build has joined into few files', async () => {
  expect(await runCli(['--version'])).toEqual({ code: 0, stdout: '0.1.0\n', stderr: '' });
});

it('puts the thread of the planning engine beside the code that starts it', async () => {
  await runCli(['--version']);
  // Without the file, plans are computed in the process itself, and nothing says so.
  expect(existsSync(fileOfProgram('engine-thread.js'))).toBe(true);
});
