import { afterAll, beforeAll, expect, it } from 'vitest';
import { UnreachableError } from '../../client/errors.ts';
import { connectTemporal } from '../../client/temporal-client.ts';
import { runCli } from '../support/run-cli.ts';
import { type ClientFixture, createClientFixture } from './support.ts';

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
  const { code, stderr } = await runCli(['status'], { env: { ...env, TEMPORAL_ADDRESS: '127.0.0.1:1' } });
  expect(code).toBe(0);
  expect(stderr).toContain('Temporal does not answer');
});

it('lists every workspace with --all', async () => {
  const { stdout } = await runCli(['status', '--all'], { env });
  expect(stdout.match(/space-\d\d/g)).toHaveLength(25);
});

it('prints every workspace as JSON, with the roll-up', async () => {
  const { stdout } = await runCli(['status', '--json'], { env });
  const status = JSON.parse(stdout);
  expect(status.overall).toMatchObject({ health: 'failing', workspaces: 25, byHealth: { healthy: 24 } });
  expect(status.workspaces).toHaveLength(25);
  expect(status.workspaces[24]).toMatchObject({
    id: 'space-25',
    health: 'failing',
    calendars: [{ reason: { code: 'failing', sentence: expect.stringContaining('GoogleUnavailable') } }],
  });
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
