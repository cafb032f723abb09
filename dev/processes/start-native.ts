import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { PROJECT_ROOT } from '../project-root.ts';
import { describeEnd, type Part, untilExit } from './part.ts';
import { stopProcess } from './stop-process.ts';

interface NativeProgram {
  name: string;
  command: string;
  args: string[];
  logFile: string;
  cwd?: string;
  /** User and group to run as; default our own. */
  uid?: number;
  gid?: number;
  /** Asks the program to stop in good order. */
  stopSignal: NodeJS.Signals;
  /** Time to stop in good order, in milliseconds. */
  graceMs: number;
}

type LeashReport =
  { pid: number } | { error: string } | { code: number | null; signal: NodeJS.Signals | null };

/**
 * Starts a program under a leash: a small process that stops it when this one is gone. Should the leash itself be
 * killed, this process stops the program.
 */
export async function startNative(program: NativeProgram): Promise<Part> {
  const { name, logFile, stopSignal, graceMs } = program;
  const leash = spawn(process.execPath, [join(PROJECT_ROOT, 'dev', 'leash.mjs'), JSON.stringify(program)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Out of the terminal's foreground group: on Ctrl-C the stack is stopped in order, not all at once.
    detached: true,
  });
  leash.stdin.on('error', () => {});
  const leashEnded = untilExit(leash);
  const reports = createInterface(leash.stdout)[Symbol.asyncIterator]();
  const nextReport = async () => {
    const { value, done } = await reports.next();
    if (done) return undefined;
    const report: LeashReport = JSON.parse(value);
    return report;
  };

  const started = await nextReport();
  if (!started || !('pid' in started)) {
    const reason = started && 'error' in started ? started.error : 'it ended at once';
    throw new Error(`${name} could not start: ${reason}.`);
  }
  const { pid } = started;

  const ended = (async () => {
    const last = await nextReport();
    const howLeashEnded = await leashEnded;
    if (last && 'code' in last) return describeEnd(last.code, last.signal);
    await stopProcess(pid, stopSignal, graceMs);
    return howLeashEnded;
  })();

  return {
    name,
    logFile,
    pids: [pid, ...(leash.pid ? [leash.pid] : [])],
    ended,
    async stop() {
      leash.stdin.destroy();
      await ended;
    },
  };
}
