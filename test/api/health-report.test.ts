import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const PATH = '/api/v1/health-report';

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const { calendarId } = await seedWorkspace(api.prisma, 'acme');
  await seedWorkspace(api.prisma, 'globex');
  await api.prisma.calendarSyncState.updateMany({
    where: { calendarId },
    data: { provenAt: new Date('2026-01-01'), verifiedAt: new Date(), drift: 2, lastingDrift: 1 },
  });
  await api.prisma.webhookSubscription.updateMany({ data: { failures: 1 } });
  await api.prisma.webhookSubscription.updateMany({
    where: { workspaceId: 'globex' },
    data: { status: 'paused', pauseReason: 'failed' },
  });
});
afterAll(() => api.close());

it('tells an admin how the installation is, in numbers', async () => {
  const { status, body } = await api.call(PATH);
  expect({ status, body }).toMatchObject({
    status: 200,
    body: {
      overall: { workspaces: 2, deadLetters: 2 },
      failures: [{ failureType: 'GoogleNotFound', operation: 'sync', deadLetters: 2 }],
      google: { budget: 900_000 },
      webhooks: { failing: 1, paused: 1 },
      verification: { calendars: 1, drifted: 1, lasting: 1, lastAt: expect.any(String) },
      versions: { node: process.versions.node, lastMigration: expect.stringMatching(/^2026/) },
    },
  });
  expect(body.overall.workspacesByHealth).toEqual({ drifted: 1, pending: 1 });
  expect(body.oldestCalendar).toMatchObject({ workspaceId: 'globex', provenAt: null });
});

it('is text and HTML as well, with what to do about each failure', async () => {
  const text = await api.call(PATH, { headers: { accept: 'text/plain' } });
  expect(text.body).toMatch(/^Almanac is \w+, 20.*\n\nCalendars\n {2}Workspaces: 2: 1 drifted, 1 pending\n/);
  expect(text.body).toMatch(/\n {2}2 of sync, GoogleNotFound, since 20\S+\. \w+/);
  const html = await api.call(PATH, { headers: { accept: 'text/html' } });
  expect(html.body).toContain('<h2>Open dead letters</h2>');
});

it('is for admins alone', async () => {
  const key = await api.createKey('acme');
  expect((await api.call(PATH, { key })).status).toBe(403);
});
