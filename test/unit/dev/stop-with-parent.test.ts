import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, it } from 'vitest';

const PRELOAD = new URL('../../../dev/stop-with-parent.mjs', import.meta.url);

/** Runs a Node program that takes `stopsInMs` to stop, and loses its parent once it runs. */
async function endWithoutParent(options: { graceMs: number; stopsInMs: number }) {
  const preload = `${PRELOAD.href}?graceMs=${options.graceMs}`;
  const program = `
    process.on('SIGTERM', () => setTimeout(() => process.exit(3), ${options.stopsInMs}));
    setInterval(() => {}, 60_000);
    process.stdout.write('running');
  `;
  const child = spawn(process.execPath, ['--import', preload, '--eval', program]);
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  child.stdin.destroy();
  const [code, signal] = await ended;
  return { code, signal };
}

it('lets a program that lost its parent finish within its grace period', async () => {
  expect(await endWithoutParent({ graceMs: 20_000, stopsInMs: 50 })).toEqual({ code: 3, signal: null });
});

it('kills a program that lost its parent and outlasts its grace period', async () => {
  expect(await endWithoutParent({ graceMs: 100, stopsInMs: 20_000 })).toEqual({
    code: null,
    signal: 'SIGKILL',
  });
});
