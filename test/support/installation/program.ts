import { type ChildProcess, spawn } from 'node:child_process';

interface ProgramResult {
  code: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

export interface RunningProgram {
  child: ChildProcess;
  result: Promise<ProgramResult>;
  /** Its output so far. */
  stdout(): string;
  stderr(): string;
}

/** Variables that would point a stack elsewhere than to what it starts itself. */
const STACK_VARIABLES = /^(DATABASE_URL|TOKEN_ENCRYPTION_KEY|TEMPORAL_(?!CLI_PATH)|GOOGLE_|WORKER_)/;

/** With `ALMANAC_E2E_TEMPORAL_ADDRESS` set, stacks use that server, in `ALMANAC_E2E_TEMPORAL_NAMESPACE`. */
export const GIVEN_TEMPORAL: NodeJS.ProcessEnv = process.env.ALMANAC_E2E_TEMPORAL_ADDRESS
  ? {
      TEMPORAL_ADDRESS: process.env.ALMANAC_E2E_TEMPORAL_ADDRESS,
      TEMPORAL_NAMESPACE: process.env.ALMANAC_E2E_TEMPORAL_NAMESPACE,
    }
  : {};

function cleanEnvironment(): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(
    ([name]) => !STACK_VARIABLES.test(name) && !name.startsWith('npm_') && !name.startsWith('VITEST'),
  );
  return { ...Object.fromEntries(kept), NODE_ENV: '', ...GIVEN_TEMPORAL };
}

/** Starts a program and collects what it writes. */
export function startProgram(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): RunningProgram {
  const child = spawn(command, args, {
    cwd: options.cwd,
    env: { ...cleanEnvironment(), ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const result = new Promise<ProgramResult>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
  });
  return { child, result, stdout: () => stdout, stderr: () => stderr };
}

export async function runProgram(
  command: string,
  args: string[],
  options: { cwd: string; env?: NodeJS.ProcessEnv },
): Promise<ProgramResult> {
  return startProgram(command, args, options).result;
}
