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
  /** User and group to run as. Default: this process's own. */
  uid?: number;
  gid?: number;
  /** Signal for an orderly stop. */
  stopSignal: NodeJS.Signals;
  /** Time for an orderly stop, in milliseconds; then SIGKILL. */
  graceMs: number;
}

type LeashReport =
  { pid: number } | { error: string } | { code: number | null; signal: NodeJS.Signals | null };

/**
 * Starts a program under a leash: a small process that stops the program when this process has ended. If the
 * leash is killed, this process stops the program.
 */
export async function startNative(program: NativeProgram): Promise<Part> {
  const { name, logFile, stopSignal, graceMs } = program;
  const leash = spawn(process.execPath, [join(PROJECT_ROOT, 'dev', 'leash.mjs'), JSON.stringify(program)], {
    stdio: ['pipe', 'pipe', 'ignore'],
    // Not in the terminal's foreground group: Ctrl-C stops the parts in order, not all at once.
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
