import { setTimeout as sleep } from 'node:timers/promises';
import type { Part } from '../processes/part.ts';
import { startNode } from '../processes/start-node.ts';
import { PROGRAM } from './program.ts';

const POLL_MS = 50;
const START_TIMEOUT_MS = 30_000;
const STOP_GRACE_MS = 5_000;

interface EmulatorPart extends Part {
  url: string;
}

/** Starts the Google Calendar emulator in a process of its own and waits until it answers. */
export async function startEmulator(options: {
  port: number;
  stateFile: string;
  logFile: string;
  directory: string;
}): Promise<EmulatorPart> {
  const { port, stateFile, logFile, directory } = options;
  const part = await startNode({
    name: 'The emulator',
    script: PROGRAM,
    args: ['emulator', '--port', String(port), '--state-file', stateFile],
    env: process.env,
    cwd: directory,
    logFile,
    graceMs: STOP_GRACE_MS,
  });
  const url = `http://127.0.0.1:${port}`;
  await untilAnswers(part, `${url}/_admin`);
  return { ...part, url };
}

/** Waits until a part answers with success. */
export async function untilAnswers(part: Part, url: string): Promise<void> {
  let end: string | undefined;
  void part.ended.then((how) => (end = how));
  const deadline = Date.now() + START_TIMEOUT_MS;
  for (;;) {
    const isUp = await fetch(url).then(
      (response) => response.ok,
      () => false,
    );
    if (isUp) return;
    if (end) throw new Error(`${part.name} ended while starting (${end}): see ${part.logFile}.`);
    if (Date.now() > deadline) {
      await part.stop();
      throw new Error(`${part.name} was not ready within ${START_TIMEOUT_MS / 1000} s: see ${part.logFile}.`);
    }
    await sleep(POLL_MS);
  }
}
