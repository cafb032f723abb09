import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { explainError } from '../../cli/explain-error.ts';
import type { Finding } from '../../cli/doctor/check.ts';
import { examine } from '../../cli/doctor/examine.ts';
import type { Variables } from '../../client/environment.ts';
import { confirmServer } from '../../prisma/server-identity.ts';
import { applySchedules, changeSchedule } from '../../client/schedules.ts';
import { SYNC_TASK_QUEUES } from '../../client/task-queue-pollers.ts';
import { ScheduleId } from '../../contracts/workflow-types.ts';
import type { Emulator } from '../../emulator/create-emulator.ts';
import { deploymentOptions } from '../../worker/worker-deployment.ts';
import { runCli } from '../support/run-cli.ts';
import { startTestEmulator } from '../support/emulator.ts';
import { connectTestTemporal, type TestTemporal, withWorkers } from '../support/temporal.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

/** Nothing listens there. */
const NOWHERE = '127.0.0.1:1';

let fixture: ClientFixture;
let temporal: TestTemporal;
let emulator: Emulator;
let variables: Variables;
beforeAll(async () => {
  [fixture, temporal, emulator] = await Promise.all([
    createClientFixture(),
    connectTestTemporal(),
    startTestEmulator(),
  ]);
  await fixture.connect('acme');
  // It is a copy of a template.
  await confirmServer(fixture.prisma);
  variables = {
    DATABASE_URL: fixture.url,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: temporal.namespace,
    TOKEN_ENCRYPTION_KEY: fixture.encryptionKey,
    GOOGLE_API_ROOT_URL: emulator.url,
    GOOGLE_OAUTH_TOKEN_URL: `${emulator.url}/token`,
  };
});
afterAll(() => Promise.all([fixture.drop(), temporal.close(), emulator.close()]));

async function examined(changes: Variables = {}): Promise<Record<string, Finding>> {
  const given = { ...variables, ...changes };
  const findings = await examine(given, (error) => explainError(error, given).message);
  return Object.fromEntries(findings.map((finding) => [finding.check, finding]));
}

const statesOf = (findings: Record<string, Finding>) =>
  Object.fromEntries(Object.values(findings).map(({ check, state }) => [check, state]));

it('reports the missing queues where workers only sync', async () => {
  const workers = { activities: { idle: async () => {} }, taskQueues: [...SYNC_TASK_QUEUES] };
  await withWorkers(temporal, workers, () =>
    expect
      .poll(async () => (await examined())['workers'])
      .toMatchObject({ state: 'fail', message: 'no worker polls smart-schedule, webhook-delivery' }),
  );
});

it('finds nothing wrong with an installation that works', async () => {
  await applySchedules(temporal.client);
  const findings = await withWorkers(temporal, { activities: { idle: async () => {} } }, async () => {
    await expect.poll(async () => (await examined())['workers']?.state).toBe('ok');
    return examined();
  });
  expect(Object.values(findings).filter(({ state }) => state !== 'ok')).toEqual([]);
  expect(Object.keys(findings)).toEqual([
    'node',
    'configuration',
    'oauth client',
    'postgres',
    'migrations',
    'restores',
    'row-level security',
    'encryption keys',
    'temporal',
    'search attributes',
    'workers',
    'schedules',
    'google',
  ]);
});

it('says which build of a worker deployment is current, and how to switch', async () => {
  const named = { TEMPORAL_DEPLOYMENT_NAME: 'almanac', TEMPORAL_WORKER_BUILD_ID: 'one' };
  const found = async (changes: Variables = {}) => examined({ ...named, ...changes });
  expect((await found())['worker deployment']).toMatchObject({
    state: 'fail',
    message: 'no worker of almanac has been seen',
  });
  const workers = { activities: { idle: async () => {} }, worker: deploymentOptions(named) };
  await withWorkers(temporal, workers, async () => {
    await expect
      .poll(async () => (await found())['worker deployment']?.message)
      .toMatch(/has no current build/);
    const { mend } = (await found())['worker deployment'] ?? {};
    const [command] = /temporal [^`]+/.exec(mend ?? '') ?? [];
    await promisify(execFile)(inject('servers').temporalCommand, [
      ...(command ?? '').split(' ').slice(1),
      '--yes',
      `--address=${temporal.address}`,
      `--namespace=${temporal.namespace}`,
    ]);
    const findings = await found();
    expect(findings['worker deployment']).toMatchObject({ state: 'ok' });
    expect(findings['workers']).toMatchObject({ state: 'ok' });
    expect((await found({ TEMPORAL_WORKER_BUILD_ID: 'two' }))['worker deployment']).toMatchObject({
      state: 'warn',
      message: 'no worker of build two has been seen; the current build of almanac is one',
    });
  });
});

describe('a fault is found, with its remedy:', () => {
  it('Postgres that does not answer', async () => {
    const findings = await examined({ DATABASE_URL: `postgresql://a:secret@${NOWHERE}/almanac` });
    expect(statesOf(findings)).toMatchObject({
      postgres: 'fail',
      migrations: 'skipped',
      'row-level security': 'skipped',
      'encryption keys': 'skipped',
      temporal: 'ok',
    });
    expect(findings['postgres']?.message).toContain(`Postgres at ${NOWHERE} does not answer`);
    expect(JSON.stringify(findings)).not.toContain('secret');
  });

  it('a database that takes no writes', async () => {
    const name = new URL(fixture.url).pathname.slice(1);
    await fixture.prisma.$executeRawUnsafe(`alter database ${name} set default_transaction_read_only = on`);
    const findings = await examined();
    await fixture.prisma.$executeRawUnsafe(`alter database ${name} reset default_transaction_read_only`);
    expect(findings['postgres']).toMatchObject({
      state: 'fail',
      message: 'it takes no writes: default_transaction_read_only is on',
      mend: 'Switch it off for the server, the database and the role, or point DATABASE_URL at the primary.',
    });
  });

  it('a server whose disk is full, and which answers reads', { tags: ['slow'] }, async () => {
    for (const statement of [
      `create function fill() returns event_trigger language plpgsql as $$ begin raise exception 'Kein Platz' using errcode = '53100'; end $$`,
      `create event trigger fill on ddl_command_start when tag in ('CREATE TABLE AS') execute function fill()`,
    ])
      await fixture.prisma.$executeRawUnsafe(statement);
    const findings = await examined();
    await fixture.prisma.$executeRawUnsafe('drop event trigger fill');
    expect(findings['postgres']).toMatchObject({ state: 'fail' });
    expect(findings['postgres']?.message).toMatch(/has no disk space or memory left: make room/);
  });

  it('a server that has no connection left', async () => {
    await fixture.prisma.$executeRawUnsafe(`create role doctored login password 'test' connection limit 0`);
    const url = Object.assign(new URL(fixture.url), { username: 'doctored', password: 'test' }).href;
    const findings = await examined({ DATABASE_URL: url });
    await fixture.prisma.$executeRawUnsafe('drop role doctored');
    expect(findings['postgres']).toMatchObject({ state: 'fail' });
    expect(findings['postgres']?.message).toMatch(/has no connection left: raise max_connections/);
  });

  it('a database without the schema', async () => {
    const url = new URL(fixture.url);
    url.pathname = '/postgres';
    const findings = await examined({ DATABASE_URL: url.href });
    expect(findings['migrations']).toMatchObject({ state: 'fail', mend: 'Run `almanac migrate`.' });
    expect(findings['encryption keys']).toMatchObject({ state: 'fail' });
  });

  it('a database that was copied back from a backup', async () => {
    await fixture.prisma.installation.updateMany({ data: { server: 'another' } });
    expect((await examined())['restores']).toMatchObject({ state: 'warn' });
    const env = { DATABASE_URL: fixture.url };
    expect(await runCli(['restore', 'finish'], { env })).toMatchObject({ code: 2 });
    expect((await examined())['restores']).toMatchObject({ state: 'warn' });
    expect(await runCli(['restore', 'finish', '--yes', '--nothing-lost'], { env })).toMatchObject({
      code: 0,
    });
    expect((await examined())['restores']).toMatchObject({ state: 'ok' });
    expect(await fixture.prisma.installation.findFirst()).toMatchObject({ restores: 0 });
    expect(await runCli(['restore', 'finish', '--yes', '--json'], { env })).toMatchObject({ code: 0 });
    expect(await fixture.prisma.installation.findFirst()).toMatchObject({ restores: 1 });
  });

  it('a stored token that no key opens', async () => {
    const findings = await examined({ TOKEN_ENCRYPTION_KEY: randomBytes(32).toString('base64') });
    expect(findings['encryption keys']).toMatchObject({
      state: 'fail',
      message: '1 of 1 stored tokens cannot be decrypted',
    });
  });

  it('a token that an older key sealed', async () => {
    const newest = randomBytes(32).toString('base64');
    const findings = await examined({ TOKEN_ENCRYPTION_KEY: `${newest},${fixture.encryptionKey}` });
    expect(findings['encryption keys']).toMatchObject({ state: 'warn' });
  });

  it('a variable that is malformed', async () => {
    const findings = await examined({ LOG_LEVEL: 'loud', TOKEN_ENCRYPTION_KEY: 'short' });
    expect(findings['configuration']).toMatchObject({ state: 'fail' });
    expect(findings['configuration']?.message).toMatch(/TOKEN_ENCRYPTION_KEY must be .*\nLOG_LEVEL /s);
  });

  it('Temporal that does not answer', { tags: ['slow'] }, async () => {
    const findings = await examined({ TEMPORAL_ADDRESS: NOWHERE });
    expect(statesOf(findings)).toMatchObject({
      temporal: 'fail',
      'search attributes': 'skipped',
      workers: 'skipped',
      schedules: 'skipped',
      postgres: 'ok',
    });
    expect(findings['temporal']?.message).toContain(`Temporal at ${NOWHERE} does not answer`);
  });

  it('a namespace that is not there', async () => {
    const findings = await examined({ TEMPORAL_NAMESPACE: 'elsewhere' });
    expect(findings['temporal']).toMatchObject({ state: 'fail' });
    expect(findings['temporal']?.message).toContain('no namespace elsewhere');
  });

  it('a schedule that is paused, and one that is missing', async () => {
    await applySchedules(temporal.client);
    await changeSchedule(temporal.client, ScheduleId.calendarProviderSync, 'pause');
    expect((await examined())['schedules']).toMatchObject({
      state: 'warn',
      message: 'paused: calendar-provider-sync',
    });
    await changeSchedule(temporal.client, ScheduleId.calendarHorizonRoll, 'delete');
    expect((await examined())['schedules']).toMatchObject({
      state: 'fail',
      message: 'missing: calendar-horizon-roll',
      mend: 'Run `almanac schedules apply`.',
    });
  });

  it('Google that does not answer', { tags: ['slow'] }, async () => {
    const findings = await examined({ GOOGLE_API_ROOT_URL: `http://${NOWHERE}` });
    expect(findings['google']).toMatchObject({ state: 'fail', message: `http://${NOWHERE} does not answer` });
  });

  it('a missing OAuth client where the calendars are really those of Google', async () => {
    const findings = await examined({ GOOGLE_API_ROOT_URL: undefined });
    expect(findings['oauth client']).toMatchObject({ state: 'warn' });
  });
});
