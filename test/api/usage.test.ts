import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { seedWorkspace } from '../support/seed-workspace.ts';

const RANGE = 'from=2026-12-01&to=2026-12-01';

let api: TestApi;
let key: string;
beforeAll(async () => {
  api = await startTestApi();
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
  googleRequests: 1,
  googleMethods: { 'events.list': 1 },
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
    'day,workspaceId,calendars,events,syncs,changes,eventWrites,googleRequests\r\n2026-12-01,acme,,,1,1,0,1\r\n',
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
