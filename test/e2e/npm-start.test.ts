import { statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readRunningStack } from '../../dev/stack-file.ts';
import { stackPaths } from '../../dev/stack-paths.ts';
import { createPrismaClient } from '../../prisma/client.ts';
import { API_ROLE, WORKER_ROLE } from '../../prisma/database-logins.ts';
import {
  type DevStack,
  leftRunning,
  pidsOf,
  stackPids,
  startDevStack,
  untilStackFile,
} from '../support/installation/dev-stack.ts';
import { copyProject, type ProjectCopy } from '../support/installation/project-copy.ts';
import { GIVEN_TEMPORAL, runProgram, startProgram } from '../support/installation/program.ts';

const SAMPLES = ['acme-berlin', 'globex-new-york', 'initech-tokyo'];
const OWNER_ONLY = 0o600;
const PERMISSIONS = 0o777;

interface WorkspaceCounts {
  id: string;
  calendars: number;
  events: number;
}

/** Unless there is one that stacks are to use. */
const STARTS_TEMPORAL = GIVEN_TEMPORAL.TEMPORAL_ADDRESS === undefined;

let project: ProjectCopy;
let firstRun: WorkspaceCounts[];
beforeAll(() => {
  project = copyProject();
});
afterAll(() => project.remove());

const almanac = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  runProgram(process.execPath, [join('bin', 'almanac.js'), ...args], { cwd: project.directory, env });

describe('npm start -- --once --json', () => {
  it('syncs and plans the samples, prints one JSON object and leaves no process behind', async () => {
    const program = startProgram('npm', ['start', '--silent', '--', '--once', '--json'], {
      cwd: project.directory,
    });
    const stack = await untilStackFile(project.directory, program);
    const { code, stdout, stderr } = await program.result;

    expect(code, stderr).toBe(0);
    const summary = JSON.parse(stdout);
    expect(summary).toMatchObject({
      ok: true,
      temporal: {
        address: expect.stringMatching(/:\d+$/),
        ui: STARTS_TEMPORAL ? expect.stringMatching(/^http:/) : null,
      },
      emulator: expect.stringMatching(/^http:/),
      database: expect.stringMatching(/^postgresql:/),
    });
    expect(summary.workspaces.map(({ id }: { id: string }) => id)).toEqual(SAMPLES);
    for (const workspace of summary.workspaces) {
      expect(workspace.calendars).toBeGreaterThan(1);
      expect(workspace.events).toBeGreaterThan(50);
      expect(workspace.occurrences).toBeGreaterThan(workspace.events);
      expect(workspace.firstSync).toMatchObject({ mode: 'full', deleted: 0 });
      // One event created, one moved, one occurrence moved; one event deleted.
      expect(workspace.sync).toMatchObject({ mode: 'incremental', upserted: 3, deleted: 1 });
      // The calendar of its own came with the plan.
      expect(workspace.sync.pages).toBeGreaterThanOrEqual(workspace.calendars - 1);
      expect(workspace.plan).toMatchObject({ moved: 0, ms: expect.any(Number) });
      // The day off takes up a whole day, of both habits. In some of the samples' zones it is evening, and what is left
      // of it may be too short for today's.
      expect(workspace.plan.unscheduled).toBeLessThanOrEqual(3);
      expect(workspace.plan.placed).toBeGreaterThan(30);
      expect(workspace.sync.ms).toBeGreaterThanOrEqual(0);
    }
    firstRun = summary.workspaces;
    expect(await leftRunning(stackPids(stack))).toEqual([]);
    expect(readRunningStack(project.directory)).toBeNull();
  });
});

describe('a running stack', () => {
  let running: DevStack;
  beforeAll(async () => {
    running = await startDevStack(project.directory);
  });
  afterAll(async () => {
    running.child.kill('SIGKILL');
    await leftRunning(stackPids(running.stack));
  });

  it('keeps its keys to the owner', () => {
    const { stackFile, keysFile } = stackPaths(project.directory);
    for (const file of [stackFile, keysFile]) expect(statSync(file).mode & PERMISSIONS).toBe(OWNER_ONLY);
  });

  it('continues the run before: the samples are the same, and nothing is read anew', () => {
    const { workspaces } = JSON.parse(running.stdout());
    for (const [index, { id, calendars, events }] of firstRun.entries())
      expect(workspaces[index]).toMatchObject({
        id,
        calendars,
        firstSync: { mode: 'incremental', upserted: 0, deleted: 0 },
        // Each run creates as many events as it deletes; a changed occurrence is one more item.
        events: expect.toSatisfy((now: number) => now - events <= 1),
      });
  });

  it('is found by other commands in its folder', async () => {
    const from = new Date().toISOString();
    const to = new Date(Date.now() + 14 * 24 * 3_600_000).toISOString();
    const { code, stdout, stderr } = await almanac([
      'events',
      'acme-berlin',
      '--from',
      from,
      '--to',
      to,
      '--json',
    ]);
    expect(code, stderr).toBe(0);
    const titles = JSON.parse(stdout).map(({ title }: { title: string }) => title);
    expect(titles).toContain('Daily stand-up');
    expect(titles).toContain('Coffee with a new colleague');
  });

  it('serves the metrics of its worker', async () => {
    const metrics = await (await fetch(running.stack.addresses.metrics)).text();
    expect(metrics).toContain('almanac_calendar_syncs_total{mode="incremental"}');
  });

  it('serves the API, for the key of its own', async () => {
    const { addresses, environment } = running.stack;
    const answer = await fetch(`${addresses.api}/api/v1/workspaces`, {
      headers: { authorization: `Bearer ${environment['INTERNAL_TRIGGER_SECRET_KEY']}` },
    });
    expect(await answer.json()).toContainEqual(expect.objectContaining({ id: 'acme-berlin' }));
  });

  it('signs a browser in to the console by the link that it prints', async () => {
    const { console: link } = JSON.parse(running.stdout());
    const { origin, pathname, hash } = new URL(link);
    expect([origin, pathname]).toEqual([running.stack.addresses.api, '/console/sign-in']);
    const signedIn = await fetch(`${origin}/api/v1/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ signInToken: hash.replace('#token=', '') }),
    });
    expect(await signedIn.json()).toMatchObject({
      scope: 'admin',
      temporalUiUrl: STARTS_TEMPORAL ? running.stack.addresses.ui : null,
    });
    const [cookie = ''] = signedIn.headers.getSetCookie();
    const answer = await fetch(`${origin}/api/v1/workspaces`, {
      headers: { cookie: cookie.split(';')[0] ?? '' },
    });
    expect(answer.status).toBe(200);
  });

  it('gives its worker and the API a login each', async () => {
    const { addresses, environment } = running.stack;
    expect((await almanac(['sync', 'acme-berlin', '--wait', '--json'])).code).toBe(0);
    expect((await fetch(`${addresses.api}/readyz`)).status).toBe(200);
    const database = createPrismaClient({ databaseUrl: environment['DATABASE_URL'] ?? '', poolSize: 1 });
    const users = await database.$queryRaw<{ name: string }[]>`
      select distinct usename::text as name from pg_stat_activity where datname = current_database()`;
    await database.$disconnect();
    expect(users.map(({ name }) => name)).toEqual(expect.arrayContaining([WORKER_ROLE, API_ROLE]));
  });

  it('gives way to an explicit environment', async () => {
    const { code, stderr } = await almanac(['workspace', 'list'], {
      DATABASE_URL: 'postgresql://nobody:nothing@127.0.0.1:1/nowhere',
    });
    expect(code).toBe(1);
    expect(stderr).toContain('127.0.0.1:1');
  });

  it('refuses a second one in the same folder and says where the first is', async () => {
    const { code, stderr } = await runProgram('npm', ['start', '--silent'], { cwd: project.directory });
    expect(code).toBe(1);
    expect(stderr).toContain('already running');
    expect(stderr).toContain(running.stack.addresses.ui ?? running.stack.addresses.temporal);
    expect(readRunningStack(project.directory)?.pid).toBe(running.stack.pid);
  });

  it('stops in good order when npm gets a signal to stop', async () => {
    running.child.kill('SIGTERM');
    await running.result;
    expect(await leftRunning(stackPids(running.stack))).toEqual([]);
    expect(readRunningStack(project.directory)).toBeNull();
  });
});

describe('after a crash', () => {
  let running: DevStack | undefined;
  afterEach(async () => {
    if (!running) return;
    running.child.kill('SIGKILL');
    await leftRunning(stackPids(running.stack));
  });

  it('of the process that runs the stack, nothing is left', async () => {
    running = await startDevStack(project.directory);
    process.kill(running.stack.pid, 'SIGKILL');
    expect(await leftRunning(stackPids(running.stack))).toEqual([]);
  });

  it('of npm, nothing is left', async () => {
    running = await startDevStack(project.directory);
    running.child.kill('SIGKILL');
    expect(await leftRunning(stackPids(running.stack))).toEqual([]);
  });

  const CRASHES: [string, number, string][] = [
    ['PostgreSQL', 0, 'itself'],
    ['The worker', 0, 'itself'],
  ];
  // Each starts the whole stack anew.
  const MORE_CRASHES: typeof CRASHES = [
    ['PostgreSQL', 1, 'leash'],
    ['Temporal', 0, 'itself'],
    ['Temporal', 1, 'leash'],
    ['The emulator', 0, 'itself'],
  ];
  if (process.env['ALMANAC_SLOW_TESTS'] === 'true') CRASHES.push(...MORE_CRASHES);
  it.each(CRASHES.filter(([part]) => STARTS_TEMPORAL || part !== 'Temporal'))(
    'of %s (process %i: %s) everything stops, and it says which part ended',
    async (part, index) => {
      running = await startDevStack(project.directory);
      const pid = pidsOf(running.stack, part)[index];
      process.kill(pid ?? 0, 'SIGKILL');
      const { code, stderr } = await running.result;
      expect(code).toBe(1);
      expect(stderr).toMatch(new RegExp(`${part} has stopped \\(SIGKILL\\): see .*\\.log\\.`));
      expect(await leftRunning(stackPids(running.stack))).toEqual([]);
    },
  );
});
