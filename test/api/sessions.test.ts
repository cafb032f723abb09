import cookiePlugin from '@fastify/cookie';
import fastify from 'fastify';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { authenticate } from '../../api/auth.ts';
import { createApiKey, revokeApiKey } from '../../services/keys/api-keys.ts';
import { createSignInToken } from '../../services/keys/sessions.ts';
import { startTestApi, type TestAnswer, type TestApi } from '../support/api.ts';
import { openEventStream } from '../support/event-stream.ts';

const CSRF = { 'almanac-csrf': '1' };

let api: TestApi;
let key: string;
let secured: TestApi;

beforeAll(async () => {
  api = await startTestApi();
  for (const id of ['acme', 'beta']) await api.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
  key = await api.createKey('acme');
  secured = await startTestApi({
    stack: api,
    environment: {
      PUBLIC_URL: 'https://almanac.example.com',
      TEMPORAL_UI_URL: 'https://temporal.example.com',
    },
  });
});
afterEach(() => api.prisma.consoleSession.deleteMany());
afterAll(async () => {
  await secured.close();
  await api.close();
});

const context = () => ({ database: api.prisma, now: () => new Date() });

const signIn = (body: object, headers: Record<string, string> = {}, of: TestApi = api) =>
  of.call('/api/v1/session', { method: 'POST', key: null, body, headers });

function cookieOf({ headers }: TestAnswer): string {
  return headers.get('set-cookie')?.split(';', 1)[0] ?? '';
}

async function session(withKey: string): Promise<{ cookie: string; sessionId: string }> {
  const answer = await signIn({ key: withKey });
  expect(answer.status).toBe(201);
  return { cookie: cookieOf(answer), sessionId: answer.body.sessionId };
}

async function as(
  cookie: string,
  path: string,
  method = 'GET',
  extra: { body?: object; headers?: object } = {},
) {
  const headers = { cookie, ...(method !== 'GET' && CSRF), ...extra.headers };
  return api.call(path, { method, key: null, body: extra.body, headers });
}

const statusOf = async (cookie: string) => (await as(cookie, '/api/v1/me')).status;

describe('signing in', () => {
  it('answers who was signed in, and sets a cookie that no script reads and no other site sends', async () => {
    const answer = await signIn({ key });
    expect(answer.body).toEqual({
      sessionId: expect.stringMatching(/^ses_[0-9a-f]{16}$/),
      scope: { workspaceId: 'acme' },
      expiresAt: expect.any(String),
      temporalUiUrl: null,
      temporalNamespace: api.temporal.namespace,
    });
    expect(answer.headers.get('set-cookie')).toMatch(
      /^almanac-session=ses_\w{16}_[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/,
    );
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect((await as(cookieOf(answer), '/api/v1/session')).body).toEqual(answer.body);
  });

  it('sets the cookie for https and this host alone where the API is public', async () => {
    const answer = await signIn({ key: secured.adminKey }, {}, secured);
    expect(answer.headers.get('set-cookie')).toMatch(
      /^__Host-almanac-session=\S+; Path=\/; HttpOnly; Secure; SameSite=Strict$/,
    );
    expect(answer.body).toMatchObject({ scope: 'admin', temporalUiUrl: 'https://temporal.example.com' });
  });

  it.each([
    ['a wrong secret', { key: 'wrong' }],
    ['an unknown key', { key: `alm_${'0'.repeat(16)}_${'a'.repeat(43)}` }],
    ['an unknown link', { signInToken: `sign_${'0'.repeat(16)}_${'a'.repeat(43)}` }],
  ])('refuses %s', async (_what, body) => {
    const answer = await signIn(body);
    expect(answer.status).toBe(401);
    expect(answer.headers.has('set-cookie')).toBe(false);
  });

  it.each([[{}], [{ key: 'a', signInToken: 'b' }]])('takes either a key or a link: %j', async (body) => {
    expect(await signIn(body)).toMatchObject({ status: 400, body: { field: 'key' } });
  });

  it('is refused to pages of other sites', async () => {
    expect((await signIn({ key }, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await signIn({ key }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(await api.prisma.consoleSession.count()).toBe(0);
  });

  it('stores no token', async () => {
    const { cookie } = await session(key);
    const [row] = await api.prisma.$queryRaw<{ text: string }[]>`
      select to_jsonb(s)::text as text from console_sessions s`;
    expect(row?.text).not.toContain(cookie.split('_').at(-1));
  });

  it('keeps 20 sessions of a key, of which the oldest ends', async () => {
    const first = await session(key);
    await api.prisma.consoleSession.updateMany({ data: { createdAt: new Date(Date.now() - 60_000) } });
    const later = await Promise.all(Array.from({ length: 20 }, () => session(key)));
    expect(await api.prisma.consoleSession.count()).toBe(20);
    expect(await statusOf(first.cookie)).toBe(401);
    expect(await statusOf(later[0]!.cookie)).toBe(200);
  });
});

describe('a session', () => {
  it('may do what its key may, and nothing else', async () => {
    const { cookie } = await session(key);
    const paths = ['/workspaces/acme', '/workspaces/beta', '/workspaces', '/dead-letters', '/me'];
    for (const path of paths) {
      const asKey = await api.call(`/api/v1${path}`, { key });
      expect((await as(cookie, `/api/v1${path}`)).status, path).toBe(asKey.status);
    }
    const body = { name: 'Acme' };
    expect((await as(cookie, '/api/v1/workspaces/acme', 'PATCH', { body })).body).toMatchObject(body);
    expect((await as(cookie, '/api/v1/workspaces/beta', 'PATCH', { body })).status).toBe(403);
    const admin = await session(api.adminKey);
    expect((await as(admin.cookie, '/api/v1/workspaces/beta', 'PATCH', { body })).body).toMatchObject(body);
  });

  it('of a key that may only read changes nothing, and can be ended', async () => {
    const { key: readOnly } = await createApiKey(context(), { name: 'k', readOnly: true });
    const { cookie } = await session(readOnly);
    expect((await as(cookie, '/api/v1/me')).body).toMatchObject({ scope: 'admin', readOnly: true });
    const body = { name: 'Changed' };
    expect((await as(cookie, '/api/v1/workspaces/acme', 'PATCH', { body })).status).toBe(403);
    expect((await as(cookie, '/api/v1/session', 'DELETE')).status).toBe(200);
    expect(await statusOf(cookie)).toBe(401);
  });

  it.each([
    ['without the header', { 'almanac-csrf': '' }],
    ['from another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another host of the domain', { 'sec-fetch-site': 'same-site' }],
    ['from another origin', { origin: 'https://evil.example' }],
    ['from no origin', { origin: 'null' }],
  ])('writes nothing %s', async (_what, headers) => {
    const { cookie } = await session(api.adminKey);
    const body = { id: 'forged', timeZone: 'UTC' };
    const answer = await as(cookie, '/api/v1/workspaces', 'POST', { body, headers });
    expect(answer).toMatchObject({ status: 403, body: { type: 'forbidden' } });
    expect(await api.prisma.workspace.count({ where: { id: 'forged' } })).toBe(0);
  });

  it('writes from a page of its own origin', async () => {
    const { cookie } = await session(api.adminKey);
    const headers = { origin: new URL(api.url).origin, 'sec-fetch-site': 'same-origin' };
    const answer = await as(cookie, '/api/v1/workspaces/acme', 'PATCH', { body: { name: 'Own' }, headers });
    expect(answer.status).toBe(200);
  });

  it('changes nothing for requests with a key', async () => {
    const { cookie } = await session(key);
    const body = { name: 'Beta' };
    const headers = { cookie };
    const asAdmin = await api.call('/api/v1/workspaces/beta', { method: 'PATCH', body, headers });
    expect(asAdmin.status).toBe(200);
    expect((await api.call('/api/v1/me', { key: 'wrong', headers })).status).toBe(401);
  });

  it('opens a stream of changes, which asks for it again while it lasts', async () => {
    const { cookie, sessionId } = await session(key);
    const stream = await openEventStream(`${api.url}/api/v1/workspaces/acme/changes/stream`, { cookie });
    expect(stream.status).toBe(200);
    stream.close();
    const app = fastify();
    await app.register(cookiePlugin);
    authenticate(app, { ...context(), environment: {} } as never);
    app.get('/', { config: { access: 'authenticated' } }, async (request) => {
      const before = await request.isStillAllowed();
      await api.prisma.consoleSession.delete({ where: { id: sessionId } });
      return [before, await request.isStillAllowed()];
    });
    const answer = await app.inject({ url: '/', headers: { cookie, host: 'localhost' } });
    expect(answer.json()).toEqual([true, false]);
    await app.close();
  });
});

describe('a session ends', () => {
  it('when it is signed out', async () => {
    const { cookie } = await session(key);
    const answer = await as(cookie, '/api/v1/session', 'DELETE');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('set-cookie')).toMatch(/^almanac-session=; .*Expires=Thu, 01 Jan 1970/);
    expect(await statusOf(cookie)).toBe(401);
  });

  it.each([
    ['twelve hours after it began', { expiresAt: 1, lastUsedAt: 0 }],
    ['after two idle hours', { expiresAt: -600, lastUsedAt: 121 }],
  ])('%s, by the clock of Postgres', async (_when, { expiresAt, lastUsedAt }) => {
    const { cookie } = await session(key);
    const at = (minutesAgo: number) => new Date(Date.now() - minutesAgo * 60_000);
    const data = { expiresAt: at(expiresAt), lastUsedAt: at(lastUsedAt) };
    expect(await statusOf(cookie)).toBe(200);
    await api.prisma.consoleSession.updateMany({ data });
    expect(await statusOf(cookie)).toBe(401);
    expect((await api.call('/api/v1/sessions')).body).toEqual([]);
  });

  it('at once with its key, when that is revoked or expires', async () => {
    const revoked = await createApiKey(context(), { name: 'k', workspaceId: 'acme' });
    const expired = await createApiKey(context(), { name: 'k', workspaceId: 'acme' });
    const [one, two] = [await session(revoked.key), await session(expired.key)];
    await revokeApiKey(context(), revoked.id);
    await api.prisma.apiKey.update({ where: { id: expired.id }, data: { expiresAt: new Date(0) } });
    expect([await statusOf(one.cookie), await statusOf(two.cookie)]).toEqual([401, 401]);
  });

  it("with the environment's secret that it came from", async () => {
    const { cookie } = await session(api.adminKey);
    const restarted = await startTestApi({ stack: api });
    expect((await restarted.call('/api/v1/me', { key: null, headers: { cookie } })).status).toBe(401);
    await restarted.close();
    expect(await statusOf(cookie)).toBe(200);
  });

  it('is used at most once a minute as far as Postgres knows', async () => {
    const { cookie, sessionId } = await session(key);
    const read = () => api.prisma.consoleSession.findUniqueOrThrow({ where: { id: sessionId } });
    const { lastUsedAt } = await read();
    await statusOf(cookie);
    expect((await read()).lastUsedAt).toEqual(lastUsedAt);
    const earlier = new Date(Date.now() - 90_000);
    await api.prisma.consoleSession.updateMany({ data: { lastUsedAt: earlier } });
    await statusOf(cookie);
    expect((await read()).lastUsedAt.getTime()).toBeGreaterThan(earlier.getTime());
  });
});

describe('the list of sessions', () => {
  it('has those of the own workspace, and all for an admin', async () => {
    const mine = await session(key);
    const theirs = await session(await api.createKey('beta'));
    const ids = (answer: TestAnswer) => answer.body.map((one: { sessionId: string }) => one.sessionId);
    expect(ids(await as(mine.cookie, '/api/v1/sessions'))).toEqual([mine.sessionId]);
    expect(ids(await api.call('/api/v1/sessions')).toSorted()).toEqual(
      [mine.sessionId, theirs.sessionId].toSorted(),
    );
    expect((await as(mine.cookie, `/api/v1/sessions/${theirs.sessionId}`, 'DELETE')).status).toBe(404);
    expect(await statusOf(theirs.cookie)).toBe(200);
    expect((await api.call(`/api/v1/sessions/${theirs.sessionId}`, { method: 'DELETE' })).status).toBe(200);
    expect(await statusOf(theirs.cookie)).toBe(401);
  });
});

describe('a sign-in link', () => {
  it('signs an admin in, once', async () => {
    const made = await api.call('/api/v1/session/sign-in-tokens', { method: 'POST' });
    expect(made.body).toEqual({
      signInToken: expect.any(String),
      url: `${api.url}/console/sign-in#token=${made.body.signInToken}`,
      expiresAt: expect.any(String),
    });
    const { signInToken } = made.body;
    const answers = await Promise.all([1, 2, 3].map(() => signIn({ signInToken })));
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 401, 401]);
    const cookie = cookieOf(answers.find(({ status }) => status === 201)!);
    expect((await as(cookie, '/api/v1/me')).body).toEqual({
      keyId: 'environment',
      scope: 'admin',
      readOnly: false,
    });
  });

  it('from the command line is tied to no key', async () => {
    const { signInToken } = await createSignInToken({ database: api.prisma, adminSecret: undefined });
    const cookie = cookieOf(await signIn({ signInToken }));
    expect((await as(cookie, '/api/v1/me')).body).toEqual({
      keyId: 'command-line',
      scope: 'admin',
      readOnly: false,
    });
  });

  it('works for ten minutes', async () => {
    const { signInToken } = await createSignInToken({ database: api.prisma, adminSecret: undefined });
    const { expiresAt } = await api.prisma.consoleSession.findFirstOrThrow();
    expect(Math.round((expiresAt.getTime() - Date.now()) / 60_000)).toBe(10);
    await api.prisma.consoleSession.updateMany({ data: { expiresAt: new Date() } });
    expect((await signIn({ signInToken })).status).toBe(401);
  });

  it('is made by admins only, and is no session', async () => {
    const refused = await api.call('/api/v1/session/sign-in-tokens', { method: 'POST', key });
    expect(refused.status).toBe(403);
    const { signInToken } = await createSignInToken({ database: api.prisma, adminSecret: undefined });
    expect(await statusOf(`almanac-session=${signInToken}`)).toBe(401);
  });
});
