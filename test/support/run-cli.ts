import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const BIN = fileURLToPath(new URL('../../bin/almanac.js', import.meta.url));
/** Program that `bin/almanac.js` runs once the checkout is built. */
const PROGRAM = fileURLToPath(new URL('../../dist/program/main.js', import.meta.url));

let building: Promise<unknown> | undefined;

/** The command builds the checkout when it is stale. Once is enough for the tests of a process. */
function build(): Promise<unknown> {
  building ??= promisify(execFile)(process.execPath, [BIN, '--help']);
  return building;
}

interface CliResult {
  code: number | null;
  stdout: string;
  stderr: string;
}

interface CliOptions {
  env?: Record<string, string>;
  /** Standard input of the command. */
  input?: string;
  /** Reads nothing of what the command prints, like `| head -0`. */
  closeOutput?: boolean;
}

/** Program and arguments of a command, for those who start it by themselves. */
export async function cliCommand(...args: string[]): Promise<[string, ...string[]]> {
  await build();
  return [process.execPath, PROGRAM, ...args];
}

/** Starts `almanac` with nothing of the tests' own environment but what a process needs. */
export async function spawnCli(args: string[], directory: string, env: Record<string, string> = {}) {
  const [program, ...given] = await cliCommand(...args);
  const inherited = { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '', NO_COLOR: '1' };
  return spawn(program, given, { cwd: directory, env: { ...inherited, ...env } });
}

export function exitOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
}

/** Runs `almanac` as a process, in an empty folder: no `.env` and no running stack of the developer's. */
export async function runCli(
  args: string[],
  { env, input, closeOutput = false }: CliOptions = {},
): Promise<CliResult> {
  const directory = await mkdtemp(join(tmpdir(), 'almanac-cli-'));
  try {
    const child = await spawnCli(args, directory, env);
    const output = { stdout: '', stderr: '' };
    if (closeOutput) child.stdout.destroy();
    child.stdout.on('data', (chunk) => (output.stdout += chunk));
    child.stderr.on('data', (chunk) => (output.stderr += chunk));
    child.stdin.end(input);
    const code = await exitOf(child);
    return { code, ...output };
  } finally {
    await rm(directory, { recursive: true });
  }
}
