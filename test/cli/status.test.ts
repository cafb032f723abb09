import { afterAll, beforeAll, expect, it } from 'vitest';
import { UnreachableError } from '../../services/errors.ts';
import { connectTemporal } from '../../client/temporal-client.ts';
import { deploymentOptions } from '../../worker/worker-deployment.ts';
import { openChannelRow } from '../support/push.ts';
import { runCli } from '../support/run-cli.ts';
import { connectTestTemporal, withWorkers } from '../support/temporal.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';

let fixture: ClientFixture;
let env: Record<string, string>;
beforeAll(async () => {
  fixture = await createClientFixture();
  env = { DATABASE_URL: fixture.url };
  for (let index = 1; index <= 25; index += 1) {
    const workspaceId = `space-${String(index).padStart(2, '0')}`;
    const { accountId } = await fixture.connect(workspaceId);
    await fixture.prisma.calendarAuthToken.update({
      where: { id: accountId },
      data: { calendarListSyncedAt: new Date() },
    });
    await fixture.addCalendar(workspaceId, accountId, {
      syncState: index === 25 ? { failures: 2, lastError: 'GoogleUnavailable' } : {},
    });
  }
});
afterAll(() => fixture.drop());

it('shows all workspaces in a line and the worst of them', async () => {
  const { code, stdout, stderr } = await runCli(['status'], { env });
  expect(code).toBe(0);
  expect(stdout).toMatch(/failing .* 25 .* 1 failing, 24 healthy|failing .* 25 .* 24 healthy, 1 failing/);
  const listed = stdout.match(/space-\d\d/g) ?? [];
  expect(listed).toHaveLength(20);
  expect(listed[0]).toBe('space-25');
  expect(stderr).toContain('20 of 25');
});

it('shows health without Temporal, and does not wait for it', async () => {
  const settings = { connectionOptions: { address: '127.0.0.1:1' }, namespace: 'default' };
  const startedAt = performance.now();
  await expect(connectTemporal(settings, [], 200)).rejects.toThrow(UnreachableError);
  expect(performance.now() - startedAt).toBeLessThan(3_000);
  const away = { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  const { code, stderr } = await runCli(['status', '--running'], { env: away });
  expect(code).toBe(0);
  expect(stderr).toContain('Temporal does not answer');
});

it('does not ask Temporal unless running fan-outs are wanted', async () => {
  const away = { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' };
  expect((await runCli(['status'], { env: away })).stderr).not.toContain('Temporal');
  const { stdout } = await runCli(['status', '--json'], { env: away });
  expect(JSON.parse(stdout)).toMatchObject({ deployment: null, fanOuts: null });
});

it('lists every workspace with --all', async () => {
  const { stdout } = await runCli(['status', '--all'], { env });
  expect(stdout.match(/space-\d\d/g)).toHaveLength(25);
});

it('prints every workspace as JSON, with the roll-up', async () => {
  const { stdout } = await runCli(['status', '--json'], { env });
  const status = JSON.parse(stdout);
  expect(status.overall).toMatchObject({ health: 'failing', workspaces: 25, byHealth: { healthy: 24 } });
  expect(status.push).toEqual({ calendars: 25, live: 0 });
  expect(status.workspaces).toHaveLength(25);
  expect(status.workspaces[24]).toMatchObject({
    id: 'space-25',
    health: 'failing',
    calendars: [{ reason: { code: 'failing', sentence: expect.stringContaining('GoogleUnavailable') } }],
  });
});

it('says what Google was asked today, what is expected, and how many calendars are polled less for it', async () => {
  await fixture.prisma.$executeRaw`
    insert into google_request_days (day, requests)
    select (now() at time zone 'America/Los_Angeles')::date, 880000`;
  await fixture.prisma.calendarSyncState.updateMany({
    where: { workspaceId: 'space-01' },
    data: { stretchedSeconds: 3_600 },
  });
  const { stdout } = await runCli(['status', '--json'], { env: { ...env, GOOGLE_DAILY_BUDGET: '880000' } });
  const { google } = JSON.parse(stdout);
  expect(google).toMatchObject({ requests: 880_000, budget: 880_000, stretchedCalendars: 1 });
  expect(google.forecast).toBeGreaterThanOrEqual(880_000);
  expect((await runCli(['status'], { env })).stdout).toMatch(
    /Google: 880000 requests on \S+ in Pacific time, \d+ expected, of 900000 a day; calendars that are polled less: 1\./,
  );
});

it('says how many calendars have a live push channel, where push is on', async () => {
  expect((await runCli(['status'], { env })).stdout).not.toContain('Push');
  const pushed = { ...env, PUBLIC_URL: 'https://almanac.example.com' };
  expect((await runCli(['status'], { env: pushed })).stdout).toContain('Push: 0 of 25 calendars');
  const [first, second] = await fixture.prisma.calendar.findMany({ take: 2 });
  await openChannelRow(fixture.prisma, first!.id);
  await openChannelRow(fixture.prisma, second!.id, { status: 'opening' });
  expect((await runCli(['status'], { env })).stdout).toContain(
    'Push: 1 of 25 calendars have a live channel.',
  );
  await fixture.prisma.watchChannel.deleteMany();
});

it('says which build of a worker deployment is current, where one is named', async () => {
  const temporal = await connectTestTemporal();
  const named = { TEMPORAL_DEPLOYMENT_NAME: 'almanac', TEMPORAL_WORKER_BUILD_ID: 'one' };
  const status = async (args: string[] = []) => {
    const server = { TEMPORAL_ADDRESS: temporal.address, TEMPORAL_NAMESPACE: temporal.namespace };
    return (await runCli(['status', ...args], { env: { ...env, ...server, ...named } })).stdout;
  };
  expect(await status()).toContain('Worker deployment almanac: no worker of this deployment has been seen.');
  const workers = { activities: { idle: async () => {} }, worker: deploymentOptions(named) };
  await withWorkers(temporal, workers, async () => {
    await expect.poll(status, { timeout: 30_000 }).toContain('no build is current');
    await temporal.client.workflowService.setWorkerDeploymentCurrentVersion({
      namespace: temporal.namespace,
      deploymentName: 'almanac',
      buildId: 'one',
    });
    expect(await status()).toContain('Worker deployment almanac: the current build is one.');
    const { deployment } = JSON.parse(await status(['--json']));
    expect(deployment).toEqual({ name: 'almanac', currentBuildId: 'one', buildIds: ['one'] });
  });
  await temporal.close();
});

it('explains each calendar of one workspace that is not healthy', async () => {
  const { stdout } = await runCli(['status', 'space-25'], { env });
  expect(stdout).toMatch(/Work .* 30 min/);
  expect(stdout).toContain('The last sync failed (GoogleUnavailable)');
});

it('measures against the poll interval that is configured', async () => {
  const slow = { ...env, POLL_INTERVAL_MINUTES: '60' };
  const { stdout } = await runCli(['status', 'space-01', '--json'], { env: slow });
  expect(JSON.parse(stdout).workspaces[0].calendars[0].promisedSeconds).toBe(75 * 60);
});
