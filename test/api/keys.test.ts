import { Writable } from 'node:stream';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApiKey } from '../../services/keys/api-keys.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const DAY_MS = 86_400_000;

let api: TestApi;
let log = '';

beforeAll(async () => {
  const sink = new Writable({
    write(line: Buffer, _encoding, done) {
      log += line.toString();
      done();
    },
  });
  api = await startTestApi({ dependencies: { logger: pino(sink) } });
  for (const id of ['acme', 'beta']) await api.prisma.workspace.create({ data: { id, timeZone: 'UTC' } });
});
afterAll(() => api.close());

const context = () => ({ database: api.prisma, now: () => new Date() });

const create = (body: object, key: string = api.adminKey, headers: Record<string, string> = {}) =>
  api.call('/api/v1/keys', { method: 'POST', body: { name: 'shop', ...body }, key, headers });

const revoke = (id: string, key: string = api.adminKey) =>
  api.call(`/api/v1/keys/${id}`, { method: 'DELETE', key });

async function list(query = '') {
  return (await api.call(`/api/v1/keys${query}`)).body as { id: string; status: string }[];
}

const me = async (key: string) => api.call('/api/v1/me', { key });

/** Headers of a browser that is signed in with a key. */
async function signIn(key: string) {
  const { headers } = await api.call('/api/v1/session', { method: 'POST', key: null, body: { key } });
  return { cookie: headers.get('set-cookie')!.split(';', 1)[0]!, 'almanac-csrf': '1' };
}

describe('a key that an admin creates', () => {
  it('stands for one workspace, and is answered once', async () => {
    const { status, body, headers } = await create({ workspaceId: 'acme', readOnly: true });
    expect(status).toBe(201);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body).toEqual({
      id: expect.stringMatching(/^alm_[0-9a-f]{16}$/),
      key: expect.stringMatching(new RegExp(`^${body.id}_[\\w-]{43}$`)),
    });
    expect((await me(body.key)).body).toEqual({
      keyId: body.id,
      scope: { workspaceId: 'acme' },
      readOnly: true,
    });
    const listed = await list('?workspaceId=acme');
    expect(listed).toContainEqual({
      id: body.id,
      name: 'shop',
      workspaceId: 'acme',
      readOnly: true,
      status: 'active',
      createdAt: expect.any(String),
      expiresAt: null,
      lastUsedAt: expect.any(String),
    });
    expect(JSON.stringify(listed)).not.toContain(body.key.split('_').at(-1));
  });

  it('stands for all workspaces where that is said', async () => {
    const { body } = await create({ admin: true, expiresInDays: 30 });
    expect((await me(body.key)).body).toMatchObject({ scope: 'admin', readOnly: false });
    const { createdAt, expiresAt } = await api.prisma.apiKey.findUniqueOrThrow({ where: { id: body.id } });
    expect(Math.round((expiresAt!.getTime() - createdAt.getTime()) / DAY_MS)).toBe(30);
  });

  it.each([
    ['workspaceId', {}],
    ['workspaceId', { workspaceId: 'acme', admin: true }],
    ['name', { admin: true, name: '' }],
    ['expiresInDays', { admin: true, expiresInDays: 0 }],
    ['expiresInDays', { admin: true, expiresInDays: 3_651 }],
    ['readOnly', { admin: true, readOnly: 'yes' }],
  ])('is refused for a wrong %s: %j', async (field, body) => {
    const before = await api.prisma.apiKey.count();
    expect(await create(body)).toMatchObject({ status: 400, body: { field } });
    expect(await api.prisma.apiKey.count()).toBe(before);
  });

  it('is refused for a workspace that does not exist', async () => {
    expect((await create({ workspaceId: 'nowhere' })).status).toBe(404);
  });

  it('is made anew by a repeated request, because no secret is stored', async () => {
    const again = { 'idempotency-key': 'same' };
    const made = [
      await create({ admin: true }, api.adminKey, again),
      await create({ admin: true }, api.adminKey, again),
    ];
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(2);
    expect(await api.prisma.idempotencyKey.count()).toBe(0);
  });

  it('is logged without its secret', async () => {
    const { body } = await create({ workspaceId: 'beta' });
    expect((await revoke(body.id)).status).toBe(200);
    const lines = log.split('\n').filter((line) => line.includes(body.id));
    expect(lines.map((line) => JSON.parse(line).msg)).toEqual(['Key created', 'Key revoked']);
    expect(log).not.toContain(body.key.split('_').at(-1));
  });
});

describe('nobody gains a right', () => {
  it('with a key or a session that may only read, or is for one workspace', async () => {
    const readOnly = await createApiKey(context(), { name: 'k', readOnly: true });
    const { id } = await createApiKey(context(), { name: 'k', workspaceId: 'acme' });
    const before = await api.prisma.apiKey.findMany({ omit: { lastUsedAt: true } });
    for (const key of [readOnly.key, await api.createKey('acme')]) {
      const headers = await signIn(key);
      expect((await create({ workspaceId: 'acme' }, key)).status).toBe(403);
      const body = { name: 'k', workspaceId: 'acme' };
      const bySession = await api.call('/api/v1/keys', { method: 'POST', key: null, headers, body });
      expect(bySession.status).toBe(403);
      expect((await revoke(id, key)).status).toBe(403);
    }
    const after = await api.prisma.apiKey.findMany({ omit: { lastUsedAt: true } });
    expect(after).toHaveLength(before.length + 1);
    expect(after).toEqual(expect.arrayContaining(before));
  });

  it('by a key that outlives the one it was made with', async () => {
    const expiresAt = new Date(Date.now() + 10 * DAY_MS);
    const { key } = await createApiKey(context(), { name: 'k', expiresAt });
    const headers = await signIn(key);
    const bySession = async (more: object) =>
      api.call('/api/v1/keys', {
        method: 'POST',
        key: null,
        headers,
        body: { name: 'k', workspaceId: 'acme', ...more },
      });
    for (const more of [{}, { expiresInDays: 11 }])
      expect(await bySession(more)).toMatchObject({ status: 400, body: { field: 'expiresInDays' } });
    expect((await bySession({ expiresInDays: 9 })).status).toBe(201);
  });
});

describe('a key that an admin revokes', () => {
  it('ends with its sessions, at once and for good', async () => {
    const { body } = await create({ workspaceId: 'acme' });
    const headers = await signIn(body.key);
    expect([(await revoke(body.id)).status, (await revoke(body.id)).status]).toEqual([200, 200]);
    expect((await me(body.key)).status).toBe(401);
    expect((await api.call('/api/v1/me', { key: null, headers })).status).toBe(401);
    expect((await list()).find(({ id }) => id === body.id)?.status).toBe('revoked');
  });

  it('has to exist, and is named by its ID', async () => {
    expect((await revoke('alm_0000000000000000')).body.detail).toContain('GET /api/v1/keys');
    expect((await revoke(await api.createKey('acme'))).status).toBe(400);
  });
});

describe('the list of keys', () => {
  it('is read page by page', async () => {
    const all = (await list()).map(({ id }) => id);
    expect(all.length).toBeGreaterThan(4);
    const paged: string[] = [];
    let path: string | undefined = '/api/v1/keys?limit=2';
    while (path !== undefined) {
      const { body, headers } = await api.call(path);
      paged.push(...body.map(({ id }: { id: string }) => id));
      path = /<([^>]+)>/.exec(headers.get('link') ?? '')?.[1];
    }
    expect(paged).toEqual(all);
  });

  it('has those of one workspace where that is asked for', async () => {
    await api.createKey('beta');
    const keys = (await list('?workspaceId=beta')) as unknown as { workspaceId: string }[];
    expect([...new Set(keys.map(({ workspaceId }) => workspaceId))]).toEqual(['beta']);
  });
});
