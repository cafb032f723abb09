import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Almanac, AlmanacError, createAlmanac } from '../../packages/client/index.ts';
import { verifyWebhook, WebhookVerificationError } from '../../packages/client/webhooks.ts';
import { appendChanges } from '../../services/change-log/append-changes.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { startWebhookReceiver, type WebhookReceiver } from '../support/webhook-receiver.ts';

const CALENDAR = randomUUID();
const WORKSPACE = { path: { workspaceId: 'acme' } };
const TASKS = '/api/v1/workspaces/{workspaceId}/tasks';

let api: TestApi;
let receiver: WebhookReceiver;
let almanac: Almanac;
/** What happens to the next requests: the answer is lost, never comes, or is another one. Afterwards all is well. */
let mishaps: ('lost' | 'silence' | Response)[] = [];
let sent: Request[] = [];

async function fetchWithMishaps(request: Request): Promise<Response> {
  sent.push(request.clone());
  const mishap = mishaps.shift();
  if (mishap instanceof Response) return mishap;
  if (mishap === 'silence')
    return new Promise((_resolve, reject) => {
      request.signal.addEventListener('abort', () => reject(request.signal.reason as Error));
    });
  const answer = await fetch(request);
  if (mishap === 'lost') throw new TypeError('fetch failed');
  return answer;
}

const failureOf = async (call: Promise<unknown>): Promise<AlmanacError> => {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(AlmanacError);
  return error as AlmanacError;
};
const away = (status: number, headers = {}) => new Response('<html>', { status, headers });

beforeAll(async () => {
  receiver = await startWebhookReceiver();
  api = await startTestApi({ environment: { WEBHOOK_ALLOWED_NETWORKS: ['127.0.0.0/8'] } });
  almanac = createAlmanac({ url: api.url, key: api.adminKey, fetch: fetchWithMishaps });
  await almanac.POST('/api/v1/workspaces', { body: { id: 'acme', timeZone: 'UTC' } });
});
afterEach(() => {
  mishaps = [];
  sent = [];
});
afterAll(async () => {
  await api.close();
  await receiver.close();
});

const addTask = (title: string) =>
  almanac.POST(TASKS, { params: WORKSPACE, body: { title, durationMinutes: 30 } });
const titlesOf = async () => (await almanac.GET(TASKS, { params: WORKSPACE })).data.map(({ title }) => title);

describe('@almanac/client', () => {
  it('does a write once whose answer is lost', async () => {
    mishaps = ['lost'];
    const { data, response } = await addTask('Lost answer');
    expect(data.title).toBe('Lost answer');
    expect(response.headers.get('idempotent-replayed')).toBe('true');
    expect(await titlesOf()).toEqual(['Lost answer']);
  });

  it('sends once what takes no Idempotency-Key', async () => {
    mishaps = ['lost'];
    const path = '/api/v1/workspaces/{workspaceId}/feeds';
    const feed = almanac.POST(path, { params: WORKSPACE, body: { name: 'Team', detail: 'busy' } });
    expect(await failureOf(feed)).toMatchObject({
      code: 'unreachable',
      status: 0,
      idempotencyKey: undefined,
    });
    expect(sent).toHaveLength(1);
  });

  it('repeats a read while the service is away, after the time that it names', async () => {
    mishaps = [away(503, { 'retry-after': '1' }), away(502)];
    const started = performance.now();
    const { data } = await almanac.GET('/api/v1/me');
    expect(data).toMatchObject({ scope: 'admin' });
    expect(performance.now() - started).toBeGreaterThan(950);
    expect(sent).toHaveLength(3);
  });

  it('gives up after three attempts, with what the last one answered', async () => {
    mishaps = [away(503), away(503), away(503)];
    expect(await failureOf(almanac.GET('/api/v1/me'))).toMatchObject({ code: 'unexpected', status: 503 });
    expect(sent).toHaveLength(3);
  });

  it('waits for no attempt longer than its time, and sends the same key with each', async () => {
    const hasty = createAlmanac({
      url: api.url,
      key: api.adminKey,
      timeoutMs: 50,
      retries: 1,
      fetch: fetchWithMishaps,
    });
    mishaps = ['silence', 'silence'];
    const failure = await failureOf(
      hasty.POST(TASKS, { params: WORKSPACE, body: { title: 'Silent' } as never }),
    );
    expect(failure.code).toBe('unreachable');
    const keys = sent.map(({ headers }) => headers.get('idempotency-key'));
    expect(keys).toEqual([failure.idempotencyKey, failure.idempotencyKey]);
    expect(failure.idempotencyKey).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('ends when its caller does, without another attempt', async () => {
    mishaps = ['silence'];
    const stopping = new AbortController();
    const waiting = almanac.GET('/api/v1/me', { signal: stopping.signal });
    await expect.poll(() => sent).toHaveLength(1);
    stopping.abort();
    await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
    expect(sent).toHaveLength(1);
  });

  it('says what is wrong by code, field and remedy', async () => {
    const unknown = almanac.GET('/api/v1/workspaces/{workspaceId}', {
      params: { path: { workspaceId: 'no' } },
    });
    expect(await failureOf(unknown)).toMatchObject({ code: 'not-found', status: 404 });
    const wrong = almanac.POST('/api/v1/workspaces', { body: { id: 'beta', timeZone: 'Mars/Base' } });
    const { code, field, remedy, correlationId, problem } = await failureOf(wrong);
    expect({ code, field }).toEqual({ code: 'invalid-input', field: 'timeZone' });
    expect(remedy).toBe(problem?.detail);
    expect(correlationId).toBe(problem?.correlationId);
    sent = [];
    const twice = almanac.POST('/api/v1/workspaces', { body: { id: 'acme', timeZone: 'UTC' } });
    expect(await failureOf(twice)).toMatchObject({ code: 'conflict', status: 409 });
    expect(sent).toHaveLength(1);
  });

  it('reads a list page by page, whether its cursor is a header or a field', async () => {
    for (const title of ['A', 'B']) await addTask(title);
    const sizes: number[] = [];
    for await (const tasks of almanac.pages(TASKS, { params: { ...WORKSPACE, query: { limit: 2 } } }))
      sizes.push(tasks.length);
    expect(sizes).toEqual([2, 1]);

    const path = '/api/v1/workspaces/{workspaceId}/events';
    const query = { from: '2030-01-01', to: '2030-02-01' };
    const pages: unknown[] = [];
    for await (const { events } of almanac.pages(path, { params: { ...WORKSPACE, query } }))
      pages.push(events);
    expect(pages).toEqual([[]]);
  });

  it('reads changes by their cursor, and follows them', async () => {
    const append = (ids: string[]) =>
      api.prisma.$transaction((transaction) =>
        appendChanges(
          transaction,
          { workspaceId: 'acme', correlationId: 'run' },
          ids.map((googleEventId) => ({ calendarId: CALENDAR, googleEventId, operation: 'delete' })),
        ),
      );
    await append(['a', 'b', 'c']);
    const read: string[] = [];
    for await (const { changes, cursor } of almanac.changes('acme', { limit: 2 }))
      read.push(`${changes.map(({ googleEventId }) => googleEventId).join('')}@${cursor}`);
    expect(read).toEqual(['ab@2', 'c@3']);

    const following = almanac.changes('acme', { after: '3', follow: true });
    const next = following.next();
    await append(['d']);
    expect((await next).value).toMatchObject({ cursor: '4', changes: [{ googleEventId: 'd' }] });
    await following.return(undefined);

    const expired = almanac.changes('acme', { after: '99' }).next();
    expect(await failureOf(expired)).toMatchObject({ code: 'cursor-expired', status: 410 });
  });

  it('tells a signed delivery from a forged one', async () => {
    const path = '/api/v1/workspaces/{workspaceId}/webhooks';
    const { data } = await almanac.POST(path, { params: WORKSPACE, body: { url: `${receiver.url}/hook` } });
    await almanac.POST(`${path}/{webhookId}/test`, {
      params: { path: { workspaceId: 'acme', webhookId: data.id } },
    });
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    const message = { type: 'webhook.test', data: { webhookId: data.id, workspaceId: 'acme' } };
    expect(verifyWebhook(data.secret, body, headers)).toMatchObject(message);
    expect(verifyWebhook(data.secret, body, new Headers(headers as Record<string, string>))).toMatchObject(
      message,
    );
    expect(() => verifyWebhook(data.secret, `${body} `, headers)).toThrow(WebhookVerificationError);
    expect(() => verifyWebhook(data.secret, body, {})).toThrow(WebhookVerificationError);
  });
});
