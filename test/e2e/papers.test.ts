import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createProgress } from '../../dev/progress.ts';
import { findServer } from '../../dev/temporal/find-server.ts';
import { createEmulatorAdminClient } from '../../emulator/admin-client.ts';
import { commandsOf, readPapers } from '../support/papers.ts';
import { type DevStack, leftRunning, stackPids, startDevStack } from '../support/installation/dev-stack.ts';
import { NOT_RUN, SERVERS, STARTED_BEFORE } from '../support/installation/paper-commands.ts';
import { copyProject, type ProjectCopy } from '../support/installation/project-copy.ts';
import { runProgram, startProgram } from '../support/installation/program.ts';

const commands = readPapers().flatMap(commandsOf);
const isRun = (command: string) => !NOT_RUN.some(([pattern]) => pattern.test(command));
const runnable = commands.filter(({ command }) => isRun(command) && !STARTED_BEFORE.test(command));
const isServer = (command: string) => SERVERS.some((pattern) => pattern.test(command));

/** Where the papers say that the API is. */
const API = /http:\/\/(?:localhost|127\.0\.0\.1):8090/g;
const DISCONNECTED = 'ada@example.com';

let project: ProjectCopy;
let running: DevStack;
/** Variables of a reader's shell: the stack's, and those exported so far. */
let shell: NodeJS.ProcessEnv;

beforeAll(async () => {
  project = copyProject();
  running = await startDevStack(project.directory);
  const { environment } = running.stack;
  // A reader's PATH has Temporal's CLI, and npx as it is after `npm ci`.
  const bin = join(project.directory, '.almanac', 'bin');
  mkdirSync(bin);
  symlinkSync(await findServer(process.env, createProgress()), join(bin, 'temporal'));
  writeFileSync(join(bin, 'npx'), '#!/bin/sh\nshift\nexec node bin/almanac.js "$@"\n', { mode: 0o755 });
  // An answer that is an error is one for curl, too.
  writeFileSync(join(bin, '.curlrc'), 'fail\nsilent\nshow-error\n');
  shell = {
    PATH: `${bin}${delimiter}${process.env['PATH']}`,
    CURL_HOME: bin,
    TEMPORAL_ADDRESS: environment['TEMPORAL_ADDRESS'],
    TEMPORAL_NAMESPACE: environment['TEMPORAL_NAMESPACE'],
    ALMANAC_URL: running.stack.addresses.api,
    ALMANAC_ADMIN_KEY: environment['INTERNAL_TRIGGER_SECRET_KEY'],
  };
});
afterAll(async () => {
  running.child.kill('SIGTERM');
  await running.result;
  await leftRunning(stackPids(running.stack));
  project.remove();
});

const bash = (script: string, env: NodeJS.ProcessEnv = {}): Parameters<typeof runProgram> => [
  'bash',
  ['-c', script.replaceAll(API, running.stack.addresses.api)],
  { cwd: project.directory, env: { ...shell, ...env } },
];

/** Runs a command to its end, and keeps what it exports. */
async function run(command: string): Promise<void> {
  const [, exported] = /^export (\w+)=/.exec(command) ?? [];
  const script =
    exported === undefined ? command : `set -e; ${command.slice('export '.length)}; printf %s "$${exported}"`;
  const { code, stdout, stderr } = await runProgram(...bash(script));
  expect(code, `${stderr}${stdout}`).toBe(0);
  if (exported !== undefined) {
    expect(stdout).not.toBe('');
    shell[exported] = stdout;
  }
}

/** Runs a command until it says something, and then tells it to stop. */
async function runServer(command: string): Promise<void> {
  // Beside the stack, which has the ports.
  const ports = { API_PORT: '0', METRICS_PORT: '0', WORKER_HEALTH_PORT: '0' };
  const program = startProgram(...bash(command, ports));
  while (program.stdout() === '' && program.stderr() === '' && program.child.exitCode === null)
    await sleep(50);
  program.child.kill('SIGTERM');
  const { code, signal, stderr } = await program.result;
  expect(code === 0 || signal === 'SIGTERM', stderr).toBe(true);
}

/** Connects the account that the papers disconnect. */
async function connectAccount(): Promise<void> {
  const google = createEmulatorAdminClient(running.stack.addresses.emulator ?? '');
  const { refreshToken } = await google.createUser({ email: DISCONNECTED });
  await run(`npx almanac account add acme --email ${DISCONNECTED} --refresh-token ${refreshToken}`);
}

describe('the commands of the papers', () => {
  it('are all run, or have a reason why not', () => {
    const unused = NOT_RUN.filter(([pattern]) => !commands.some(({ command }) => pattern.test(command)));
    expect(unused).toEqual([]);
    expect(commands.filter(({ command }) => STARTED_BEFORE.test(command))).toHaveLength(1);
    expect(runnable.length).toBeGreaterThan(50);
  });

  for (const { paper, command } of runnable)
    it(`${paper}: ${command}`, async () => {
      const isFirst = command.includes(`disconnect acme ${DISCONNECTED}`) && !command.includes('--purge');
      if (isFirst) await connectAccount();
      await (isServer(command) ? runServer(command) : run(command));
    });
});
