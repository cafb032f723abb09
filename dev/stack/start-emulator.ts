import type { Part } from '../processes/part.ts';
import { startNode } from '../processes/start-node.ts';
import { untilAnswers } from '../processes/until-ready.ts';
import { PROGRAM } from './program.ts';

const STOP_GRACE_MS = 5_000;

interface EmulatorPart extends Part {
  url: string;
}

/** Starts the Google Calendar emulator in its own process and waits until it answers. */
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
