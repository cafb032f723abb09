import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeApi } from '../../api/openapi-document.ts';
import { revokeEmbedLink } from '../../services/feeds/embed-links.ts';
import { createApiKey, revokeApiKey } from '../../services/keys/api-keys.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const ORIGIN = 'https://app.example.com';
const LINKS = '/api/v1/workspaces/acme/embed-links';
const RANGE = '?from=2026-03-02&to=2026-03-09';

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;
let key: string;
let folder: string;
let [work, home]: string[] = [];

async function addEvent(
  calendarId: string,
  title: string,
  resource: object = {},
  times = ['09:00:00Z', '10:00:00Z'],
) {
  const googleEventId = title.toLowerCase();
  const [start = '', end = ''] = times.map((time) => `2026-03-03T${time}`);
  await fixture.prisma.calendarEvent.create({
    data: {
      calendarId,
      googleEventId,
      kind: 'single',
      status: 'confirmed',
      startAt: new Date(start),
      endAt: new Date(end),
      resource: { id: googleEventId, summary: title, ...resource },
    },
  });
  return fixture.addOccurrence('acme', calendarId, start, end, { googleEventId, title });
}

beforeAll(async () => {
  [fixture, temporal] = await Promise.all([createClientFixture(), connectTestTemporal()]);
  folder = await mkdtemp(join(tmpdir(), 'almanac-console-'));
  await writeFile(join(folder, 'index.html'), '<!doctype html>');
  api = await startTestApi({
    stack: { prisma: fixture.prisma, temporal },
    environment: { PUBLIC_URL: 'https://almanac.example.com' },
    dependencies: { consoleFolder: folder },
  });
  const { accountId } = await fixture.connect('acme');
  await fixture.connect('other');
  [work, home] = [await fixture.addCalendar('acme', accountId), await fixture.addCalendar('acme', accountId)];
  key = await api.createKey('acme');
  await addEvent(work, 'Review');
  await addEvent(work, 'Doctor', { visibility: 'private' }, ['11:00:00Z', '12:00:00Z']);
  await addEvent(home, 'Dinner', {}, ['18:00:00Z', '19:00:00Z']);
});
afterAll(async () => {
  await api.close();
  await temporal.close();
  await fixture.drop();
  await rm(folder, { recursive: true });
});

const make = (body: object = {}, as: string = key) =>
  api.call(LINKS, { method: 'POST', key: as, body: { frameOrigin: ORIGIN, ...body } });

async function link(body: object = {}, as: string = key) {
  const answer = await make(body, as);
  expect(answer.status).toBe(201);
  const { id, url } = answer.body as { id: string; url: string };
  return { id, url, token: new URL(url).hash.slice(1) };
}

/** A link that a browser makes that is signed in with a key. */
async function linkOfSession(as: string) {
  const signedIn = await api.call('/api/v1/session', { method: 'POST', key: null, body: { key: as } });
  const headers = { cookie: signedIn.headers.get('set-cookie')!.split(';', 1)[0]!, 'almanac-csrf': '1' };
  const body = { frameOrigin: ORIGIN };
  const made = await api.call(LINKS, { method: 'POST', key: null, headers, body });
  const { sessionId } = signedIn.body as { sessionId: string };
  return { sessionId, headers, token: new URL(made.body.url).hash.slice(1) };
}
const statusOf = async (token: string) => (await ask(token)).status;
const keys = () => ({ database: api.prisma, now: () => new Date() });

const ask = (token: string, path = `/api/v1/embed/events${RANGE}`, method = 'GET') =>
  api.call(path, {
    method,
    key: null,
    headers: { authorization: `Embed ${token}` },
    ...(method !== 'GET' && { body: {} }),
  });

describe('an embed link', () => {
  it('is an address at the public URL, with its token in the fragment', async () => {
    const { body } = await make({ calendarIds: [work], expiresInMinutes: 5, timeZone: 'Asia/Tokyo' });
    expect(body).toEqual({
      id: expect.stringMatching(/^embed_[0-9a-f]{16}$/),
      calendarIds: [work],
      timeZone: 'Asia/Tokyo',
      frameOrigin: ORIGIN,
      createdAt: expect.any(String),
      expiresAt: expect.any(String),
      url: expect.stringMatching(
        new RegExp(`^https://almanac.example.com/console/embed/${body.id}#${body.id}_[\\w-]{43}$`),
      ),
    });
    expect(Date.parse(body.expiresAt) - Date.parse(body.createdAt)).toBe(5 * 60_000);
  });

  it.each([
    ['frameOrigin', { frameOrigin: 'https://app.example.com/' }],
    ['frameOrigin', { frameOrigin: 'http://app.example.com' }],
    ['frameOrigin', { frameOrigin: 'https://a;script-src' }],
    ['frameOrigin', { frameOrigin: '*' }],
    ['expiresInMinutes', { expiresInMinutes: 1_441 }],
    ['expiresInMinutes', { expiresInMinutes: 0 }],
    ['timeZone', { timeZone: 'Mars' }],
  ])('is refused with a wrong %s: %j', async (field, body) => {
    expect(await make(body)).toMatchObject({ status: 400, body: { field } });
  });

  it('shows calendars of its own workspace only', async () => {
    const { accountId } = await fixture.connect('stranger');
    const foreign = await fixture.addCalendar('stranger', accountId);
    expect((await make({ calendarIds: [foreign] })).status).toBe(404);
    expect((await make({}, await api.createKey('other'))).status).toBe(403);
  });

  it('stores no token', async () => {
    const { token } = await link();
    const rows = await api.prisma.$queryRaw<
      { text: string }[]
    >`select to_jsonb(e)::text as text from embed_links e`;
    expect(rows.map(({ text }) => text).join()).not.toContain(token.split('_').at(-1));
  });

  it('is listed without its address until it expires or is revoked', async () => {
    const { id, token } = await link();
    const ids = async () => (await api.call(LINKS, { key })).body.map((one: { id: string }) => one.id);
    expect(await ids()).toContain(id);
    expect(JSON.stringify((await api.call(LINKS, { key })).body)).not.toContain(token);
    await api.prisma.embedLink.update({ where: { id }, data: { expiresAt: new Date() } });
    expect(await ids()).not.toContain(id);
  });
});

describe('what an embed link shows', () => {
  it('is its calendars, with no address of a person, and private events without a title', async () => {
    const { token } = await link({ calendarIds: [work], timeZone: 'Europe/Berlin' });
    const { status, body } = await ask(token);
    expect(status).toBe(200);
    expect(body).toMatchObject({ timeZone: 'Europe/Berlin', isCut: false });
    expect(body.events).toEqual([
      {
        id: expect.any(String),
        calendarId: work,
        title: 'Review',
        start: '2026-03-03T09:00:00Z',
        end: '2026-03-03T10:00:00Z',
        allDay: false,
        status: 'confirmed',
        busy: true,
      },
      expect.objectContaining({ title: null, start: '2026-03-03T11:00:00Z' }),
    ]);
    const all = await ask((await link()).token);
    expect(all.body.events).toHaveLength(3);
  });

  it('reads dates in its own time zone', async () => {
    const { token } = await link({ timeZone: 'Pacific/Kiritimati' });
    const { body } = await ask(token, '/api/v1/embed/events?from=2026-03-04&to=2026-03-05');
    expect(body.events.map(({ title }: { title: string }) => title)).toEqual([null, 'Dinner']);
  });

  it.each([
    ['more than 35 days', '?from=2026-03-01&to=2026-04-06'],
    ['no day', '?from=2026-03-01&to=2026-03-01'],
  ])('is not %s', async (_what, range) => {
    const { token } = await link();
    expect(await ask(token, `/api/v1/embed/events${range}`)).toMatchObject({
      status: 400,
      body: { field: 'to' },
    });
    expect((await ask(token, '/api/v1/embed/events?from=2026-03-01&to=2026-04-05')).status).toBe(200);
  });

  it('is nothing after it has expired by the clock of Postgres, or was revoked', async () => {
    const [expired, revoked] = [await link(), await link()];
    await api.prisma.embedLink.update({ where: { id: expired.id }, data: { expiresAt: new Date() } });
    await revokeEmbedLink(api.prisma, 'acme', revoked.id);
    expect([(await ask(expired.token)).status, (await ask(revoked.token)).status]).toEqual([401, 401]);
  });

  it('is revoked through the API', async () => {
    const { id, token } = await link();
    const revoke = () => api.call(`${LINKS}/${id}`, { method: 'DELETE', key });
    expect([(await revoke()).status, (await revoke()).status, (await ask(token)).status]).toEqual([
      200, 404, 401,
    ]);
  });

  it.each([['acme'], [undefined]])(
    'is nothing after its key was revoked or has expired (%s)',
    async (owner) => {
      const [revoked, expired] = [
        await createApiKey(keys(), { name: 'k', workspaceId: owner }),
        await createApiKey(keys(), { name: 'k', workspaceId: owner }),
      ];
      const links = [
        await link({}, revoked.key),
        await linkOfSession(revoked.key),
        await link({}, expired.key),
      ];
      const kept = await link();
      const statuses = async () => Promise.all([...links, kept].map(({ token }) => statusOf(token)));
      expect(await statuses()).toEqual([200, 200, 200, 200]);
      await revokeApiKey(keys(), revoked.id);
      await api.prisma.apiKey.update({ where: { id: expired.id }, data: { expiresAt: new Date() } });
      expect(await statuses()).toEqual([401, 401, 401, 200]);
      expect(await api.prisma.embedLink.count({ where: { apiKeyId: revoked.id } })).toBe(0);
    },
  );

  it('is nothing where its key was being revoked while it was made', async () => {
    const { id, key: late } = await createApiKey(keys(), { name: 'k', workspaceId: 'acme' });
    const { token } = await link({}, late);
    await api.prisma.apiKey.update({ where: { id }, data: { revokedAt: new Date() } });
    expect(await statusOf(token)).toBe(401);
  });

  it('is nothing after its session was revoked, and stays when the browser signs out', async () => {
    const [revoked, left] = [await linkOfSession(key), await linkOfSession(key)];
    expect((await api.call(`/api/v1/sessions/${revoked.sessionId}`, { method: 'DELETE', key })).status).toBe(
      200,
    );
    const { headers } = left;
    expect((await api.call('/api/v1/session', { method: 'DELETE', key: null, headers })).status).toBe(200);
    expect([await statusOf(revoked.token), await statusOf(left.token)]).toEqual([401, 200]);
  });

  it('is nothing where the environment has another secret than it was made with', async () => {
    const { token } = await link({}, api.adminKey);
    expect(await statusOf(token)).toBe(200);
    const restarted = await startTestApi({ stack: { prisma: fixture.prisma, temporal } });
    const headers = { authorization: `Embed ${token}` };
    const answer = await restarted.call(`/api/v1/embed/events${RANGE}`, { key: null, headers });
    expect(answer.status).toBe(401);
    await restarted.close();
  });

  it('takes no key', async () => {
    for (const as of [key, api.adminKey, null])
      expect((await api.call(`/api/v1/embed/events${RANGE}`, { key: as })).status).toBe(401);
  });

  it('is all that its token opens', async () => {
    const { token } = await link();
    const { paths = {} } = await describeApi();
    const params: Record<string, string> = { workspaceId: 'acme', calendarId: work! };
    const opened: string[] = [];
    for (const [path, item] of Object.entries(paths).filter(([one]) => one.startsWith('/api/'))) {
      for (const method of ['get', 'post', 'put', 'patch', 'delete'] as const) {
        if (item?.[method] === undefined || item[method].operationId === 'createSession') continue;
        const url = path.replaceAll(/\{(\w+)\}/g, (_match, name: string) => params[name] ?? work!);
        const { status } = await ask(token, url, method.toUpperCase());
        // As a key it is no more.
        const asKey = await api.call(url, {
          method: method.toUpperCase(),
          key: token,
          ...(method !== 'get' && { body: {} }),
        });
        if (status !== 401) opened.push(`${method} ${path}`);
        expect(asKey.status, path).toBe(401);
      }
    }
    expect(opened).toEqual(['get /api/v1/embed/events']);
  });
});

describe('the page of an embed link', () => {
  const page = (path: string) => api.call(path, { key: null });
  const ancestors = (headers: Headers) =>
    /frame-ancestors ([^;]+)/.exec(headers.get('content-security-policy') ?? '')?.[1];

  it('may be framed by its origin alone, also when it has expired', async () => {
    const { id } = await link();
    await api.prisma.embedLink.update({ where: { id }, data: { expiresAt: new Date() } });
    const { headers } = await page(`/console/embed/${id}`);
    expect(ancestors(headers)).toBe(ORIGIN);
    expect(headers.get('x-frame-options')).toBeNull();
  });

  it.each([
    '/console/embed/embed_0000000000000000',
    '/console/embed/x',
    '/console/',
    '/console/workspaces/acme',
  ])('is in no frame otherwise: %s', async (path) => {
    const { headers } = await page(path);
    expect(ancestors(headers)).toBe("'none'");
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
  });
});
