import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import {
  type BufferedUsageMeter,
  createUsageMeter,
  type UsageMeter,
} from '../../services/usage/usage-meter.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const RANGE = 'from=2026-12-01&to=2026-12-01';

let api: TestApi;
let usage: BufferedUsageMeter;
let key: string;
beforeAll(async () => {
  // The API's database is there only when the API has started.
  const counting: UsageMeter = { count: (...counted) => usage.count(...counted) };
  api = await startTestApi({ dependencies: { usage: counting } });
  usage = createUsageMeter(api.database);
  for (const id of ['acme', 'globex']) await seedWorkspace(api.prisma, id);
  key = await api.createKey('acme');
});
afterAll(() => api.close());

const used = (workspaceId: string) => ({
  day: '2026-12-01',
  workspaceId,
  calendars: null,
  events: null,
  syncs: 1,
  changes: 1,
  eventWrites: 0,
  apiCalls: 1,
  deliveryAttempts: 0,
  deliveries: 0,
  temporalActions: 0,
  googleRequests: 1,
  googleMethods: { 'events.list': 1 },
});

it('counts the calls of each workspace', async () => {
  const today = await api.call('/api/v1/workspaces/acme/usage', { key });
  expect(today.body).toEqual([]);
  await api.call('/api/v1/workspaces/globex/usage', { key });
  await api.call('/api/v1/workspaces/globex/usage');
  await api.call('/api/v1/workspaces/nowhere/usage');
  await api.call('/api/v1/workspaces/acme/usage', { key: null });
  await api.call('/api/v1/usage');
  // A call is counted when it has been answered.
  await vi.waitFor(async () => {
    await usage.flush();
    const rows = await api.prisma.workspaceUsage.findMany({
      where: { day: { not: new Date('2026-12-01') } },
    });
    const calls = rows.map(({ workspaceId, apiCalls }) => [workspaceId, apiCalls]);
    expect(Object.fromEntries(calls)).toEqual({ acme: 2, globex: 1 });
  });
});

it('tells a workspace what it used, and nothing of others', async () => {
  expect(await api.call(`/api/v1/workspaces/acme/usage?${RANGE}`, { key })).toMatchObject({
    status: 200,
    body: [used('acme')],
  });
  expect((await api.call(`/api/v1/workspaces/globex/usage?${RANGE}`, { key })).status).toBe(403);
  expect((await api.call(`/api/v1/usage?${RANGE}`, { key })).status).toBe(403);
});

it('tells an admin what all used, page by page', async () => {
  const first = await api.call(`/api/v1/usage?${RANGE}&limit=1`);
  expect(first.body).toEqual([used('acme')]);
  const cursor = first.headers.get('x-next-cursor');
  const second = await api.call(`/api/v1/usage?${RANGE}&limit=1&cursor=${cursor}`);
  expect(second.body).toEqual([used('globex')]);
  expect(second.headers.get('x-next-cursor')).toBeNull();
});

it('answers with CSV where that is accepted', async () => {
  const headers = { accept: 'text/csv' };
  const answer = await api.call(`/api/v1/workspaces/acme/usage?${RANGE}`, { key, headers });
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  expect(answer.body).toBe(
    'day,workspaceId,calendars,events,syncs,changes,eventWrites,googleRequests,apiCalls,deliveryAttempts,deliveries,temporalActions\r\n2026-12-01,acme,,,1,1,0,1,1,0,0,0\r\n',
  );
});

it('names the field of a malformed or too long range', async () => {
  for (const [path, field] of [
    ['/api/v1/usage?from=yesterday', 'from'],
    ['/api/v1/usage?from=2026-01-01&to=2026-12-01', 'from'],
    ['/api/v1/workspaces/acme/usage?to=2026-13-01', 'to'],
  ] as const)
    expect(await api.call(path)).toMatchObject({ status: 400, body: { field } });
});

it('shows the requests of the whole project with the status', async () => {
  await api.prisma.$executeRaw`
    insert into google_request_days (day, requests)
    select (now() at time zone 'America/Los_Angeles')::date, 1234`;
  expect((await api.call('/api/v1/status')).body.google).toMatchObject({
    requests: 1_234,
    budget: 900_000,
    stretchedCalendars: 0,
  });
});
