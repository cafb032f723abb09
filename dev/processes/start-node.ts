import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { PROJECT_ROOT } from '../project-root.ts';
import { type Part, untilExit } from './part.ts';

interface NodeProgram {
  name: string;
  script: string;
  args: string[];
  env: NodeJS.ProcessEnv;
  cwd: string;
  logFile: string;
  /** Time for an orderly stop after SIGTERM, in milliseconds; then SIGKILL. */
  graceMs: number;
}

/** Starts a Node program that stops when this process has ended. */
export async function startNode(program: NodeProgram): Promise<Part> {
  const { name, script, args, env, cwd, logFile, graceMs } = program;
  const log = openSync(logFile, 'a');
  const preload = pathToFileURL(join(PROJECT_ROOT, 'dev', 'stop-with-parent.mjs'));
  preload.searchParams.set('graceMs', String(graceMs));
  const child = spawn(process.execPath, ['--enable-source-maps', '--import', preload.href, script, ...args], {
    stdio: ['pipe', log, log],
    env,
    cwd,
    // Not in the terminal's foreground group: Ctrl-C stops the parts in order, not all at once.
    detached: true,
  });
  closeSync(log);
  child.stdin?.on('error', () => {});
  const ended = untilExit(child);
  await once(child, 'spawn');

  return {
    name,
    logFile,
    pids: child.pid ? [child.pid] : [],
    ended,
    async stop() {
      child.kill('SIGTERM');
      const insist = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(insist);
    },
  };
}
