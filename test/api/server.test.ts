import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startTestApi, type TestApi } from '../support/api.ts';
import { missingIn } from '../support/dashboard.ts';
import { exchange } from '../support/raw-http.ts';

const WORKSPACES = '/api/v1/workspaces';
const ABSENT_KEY = `alm_0123456789abcdef_${'A'.repeat(43)}`;

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi();
});
afterAll(() => api.close());

describe('the API', () => {
  it.each([
    ['no key', null],
    ['half a key', 'alm_0123456789abcdef'],
    ['a key that was never made', ABSENT_KEY],
    ['another secret', 'x'.repeat(64)],
    ['an empty key', ''],
  ])('turns %s away', async (_what, key) => {
    const answer = await api.call(WORKSPACES, { key });
    expect(answer).toMatchObject({ status: 401, body: { type: 'unauthenticated', status: 401 } });
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  it('turns a workspace away from what is for admins', async () => {
    await api.call(WORKSPACES, { method: 'POST', body: { id: 'plain', timeZone: 'UTC' } });
    const key = await api.createKey('plain');

    const answer = await api.call(WORKSPACES, { method: 'POST', body: { id: 'more', timeZone: 'UTC' }, key });

    expect(answer).toMatchObject({ status: 403, body: { type: 'forbidden' } });
    expect(await api.prisma.workspace.count({ where: { id: 'more' } })).toBe(0);
  });

  it('answers under the correlation ID that it was given', async () => {
    const answer = await api.call(WORKSPACES, { headers: { 'x-correlation-id': 'order-17' } });
    expect(answer.headers.get('x-correlation-id')).toBe('order-17');
  });

  it('makes a correlation ID where it was given none', async () => {
    const answer = await api.call(WORKSPACES, { key: null });
    expect(answer.headers.get('x-correlation-id')).toMatch(/^[0-9a-f-]{36}$/);
    expect(answer.body.correlationId).toBe(answer.headers.get('x-correlation-id'));
  });

  it.each(['two words', 'x'.repeat(129), 'naïve'])('refuses the correlation ID %j', async (id) => {
    const answer = await api.call(WORKSPACES, { headers: { 'x-correlation-id': id } });
    expect(answer).toMatchObject({ status: 400, body: { field: 'x-correlation-id' } });
  });

  it.each([
    ['{"id":', 400, 'invalid-input', 'body'],
    ['', 400, 'invalid-input', 'body'],
    ['[]', 400, 'invalid-input', 'body'],
    ['{"__proto__":{"id":"x"}}', 400, 'invalid-input', 'body'],
    ['{"id":"new","timeZone":"UTC","zone":"UTC"}', 400, 'invalid-input', 'zone'],
    [JSON.stringify({ id: 'x'.repeat(300 * 1_024), timeZone: 'UTC' }), 413, 'too-large', undefined],
  ])('refuses the body %.20s', async (body, status, type, field) => {
    const answer = await fetch(`${api.url}${WORKSPACES}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${api.adminKey}`, 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBe(status);
    const problem = (await answer.json()) as { field?: string };
    expect(problem).toMatchObject({ type, status });
    expect(problem.field).toBe(field);
  });

  it('reads JSON only', async () => {
    const headers = { 'content-type': 'application/xml' };
    const answer = await api.call(WORKSPACES, { method: 'POST', body: {}, headers });
    expect(answer).toMatchObject({ status: 415, body: { type: 'unsupported-media-type' } });
  });

  it.each(['/nowhere', '/api/v1/nowhere', '/api/v2/workspaces', '/%zz', '/api/v1/workspaces/'])(
    'tells that %s is nothing',
    async (path) => {
      const answer = await api.call(path, { key: null });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(answer.status).toBeLessThan(405);
      expect(answer.headers.get('content-type')).toContain('application/problem+json');
    },
  );

  it('says which methods a path takes', async () => {
    const answer = await api.call('/api/v1/workspaces/acme/tasks?all=true', { method: 'PUT', body: {} });
    expect(answer).toMatchObject({ status: 405, body: { type: 'method-not-allowed' } });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
    expect((await api.call('/api/v1/workspaces/acme/nothing', { method: 'PUT' })).status).toBe(404);
  });

  it('sends what keeps a browser from making anything of an answer', async () => {
    const { headers } = await api.call(WORKSPACES);
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('strict-transport-security')).toMatch(/max-age/);
    expect(headers.get('access-control-allow-origin')).toBeNull();
  });

  it('answers what is no HTTP with a problem', async () => {
    const answer = await exchange(api.url, 'GARBAGE\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
  });

  it('lets go of clients that send too slowly', { tags: ['slow'] }, async () => {
    const answer = await exchange(api.url, 'GET /livez HTTP/1.1\r\nhost: localhost\r\nx-slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('the rate limit', () => {
  it('counts each key for itself, and guesses by their address', async () => {
    const limited = await startTestApi({
      stack: api,
      environment: { API_REQUESTS_PER_MINUTE: 2 },
    });
    try {
      const key = await api.createKey();
      const statuses = async (asked: string) => {
        const answers = [];
        for (let count = 0; count < 3; count++) answers.push(await limited.call(WORKSPACES, { key: asked }));
        expect(answers[2]?.body).toMatchObject({ type: 'rate-limited', status: 429 });
        expect(Number(answers[2]?.headers.get('retry-after'))).toBeGreaterThan(0);
        return answers.map(({ status }) => status);
      };
      expect(await statuses(key)).toEqual([200, 200, 429]);
      expect(await statuses(limited.adminKey)).toEqual([200, 200, 429]);
      expect(await statuses(ABSENT_KEY)).toEqual([401, 401, 429]);
    } finally {
      await limited.close();
    }
  });
});

describe('made-up keys', () => {
  const madeUp = () => `alm_${randomBytes(8).toString('hex')}_${randomBytes(32).toString('base64url')}`;

  it('cost the database next to nothing, and good keys of the same address go on', async () => {
    const own = await startTestApi({ stack: api });
    const key = await api.createKey();
    const asked = vi.spyOn(own.database.apiKey, 'findUnique');
    try {
      expect((await own.call(WORKSPACES, { key })).status).toBe(200);
      asked.mockClear();
      const answers = await Promise.all(
        Array.from({ length: 300 }, () => own.call(WORKSPACES, { key: madeUp() })),
      );
      const count = (wanted: number) => answers.filter(({ status }) => status === wanted).length;
      expect(count(401) + count(429)).toBe(300);
      expect(count(401)).toBeGreaterThan(0);
      expect(asked.mock.calls.length).toBeLessThan(30);
      const refused = answers.find(({ status }) => status === 429);
      expect(refused).toMatchObject({ body: { type: 'rate-limited' } });
      expect(Number(refused?.headers.get('retry-after'))).toBeGreaterThan(0);
      expect((await own.call(WORKSPACES, { key })).status).toBe(200);
    } finally {
      asked.mockRestore();
      await own.close();
    }
  });

  it('are not looked up again at once', async () => {
    const own = await startTestApi({ stack: api });
    const asked = vi.spyOn(own.database.apiKey, 'findUnique');
    try {
      const key = madeUp();
      for (let count = 0; count < 10; count++) expect((await own.call(WORKSPACES, { key })).status).toBe(401);
      expect(asked).toHaveBeenCalledTimes(1);
    } finally {
      asked.mockRestore();
      await own.close();
    }
  });

  it('do not keep one that is revoked alive', async () => {
    const key = await api.createKey();
    expect((await api.call(WORKSPACES, { key })).status).toBe(200);
    await api.prisma.apiKey.update({ where: { id: key.slice(0, 20) }, data: { revokedAt: new Date() } });
    expect((await api.call(WORKSPACES, { key })).status).toBe(401);
  });
});

describe('health', () => {
  it('tells of the service and of each dependency', async () => {
    const answer = await api.call('/health', { key: null });
    const dependency = { status: 'ok', latencyMs: expect.any(Number) };
    expect(answer).toMatchObject({
      status: 200,
      body: {
        service: 'almanac',
        status: 'ok',
        uptimeSeconds: expect.any(Number),
        dependencies: { postgres: dependency, temporal: dependency },
      },
    });
  });

  it('is ready while Postgres answers', async () => {
    expect(await api.call('/livez', { key: null })).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await api.call('/readyz', { key: null })).toMatchObject({ status: 200, body: { status: 'ok' } });
  });

  it('counts requests by their route', async () => {
    await api.call(`${WORKSPACES}?secret=1`, { key: null });
    const { body } = await api.call('/metrics', { key: null });
    expect(body).toContain(
      `almanac_api_request_seconds_count{method="GET",route="${WORKSPACES}",status="401"}`,
    );
    expect(body).not.toContain('secret');
  });

  it('has every metric of its own in the docs, and no other', async () => {
    const { body } = await api.call('/metrics', { key: null });
    const served = [...String(body).matchAll(/^# HELP (almanac_\w+)/gm)].map(([, name]) => name);
    const page = readFileSync(new URL('../../docs/operate/metrics-and-traces.md', import.meta.url), 'utf8');
    const documented = [...page.matchAll(/`(almanac_api_[a-z_]+)`/g)].map(([, name]) => name);
    expect(new Set(documented)).toEqual(new Set(served));
    expect(missingIn(String(body), (metric) => metric.startsWith('almanac_api_'))).toEqual([]);
  });
});
