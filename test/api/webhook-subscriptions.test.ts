import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ClientFixture, createClientFixture } from '../support/client-fixture.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { type Receiver, startReceiver } from '../support/receiver.ts';
import { runCli } from '../support/run-cli.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const WEBHOOKS = '/api/v1/workspaces/acme/webhooks';
const FOR_ALL = '/api/v1/webhooks';
const ENCRYPTION_KEY = Buffer.alloc(32, 7).toString('base64');
const THIS_MACHINE = ['127.0.0.0/8'];

let fixture: ClientFixture;
let temporal: TestTemporal;
let api: TestApi;
let receiver: Receiver;
let key: string;

beforeAll(async () => {
  [fixture, temporal, receiver] = await Promise.all([
    createClientFixture(),
    connectTestTemporal(),
    startReceiver(),
  ]);
  api = await startTestApi({
    stack: { prisma: fixture.prisma, temporal },
    environment: { WEBHOOK_ALLOWED_NETWORKS: THIS_MACHINE, TOKEN_ENCRYPTION_KEY: [ENCRYPTION_KEY] },
  });
  await fixture.connect('acme');
  await fixture.connect('other');
  key = await api.createKey('acme');
});
afterAll(async () => {
  receiver.close();
  await api.close();
  await temporal.close();
  await fixture.drop();
});

const post = (path: string, body: object = {}, asKey: string | undefined = key) =>
  api.call(path, { method: 'POST', key: asKey, body });

async function create(body: object = {}, path = WEBHOOKS, asKey?: string): Promise<string> {
  const options = { method: 'POST', ...(path === WEBHOOKS ? { key } : {}), ...(asKey && { key: asKey }) };
  const { status, body: created } = await api.call(path, {
    ...options,
    body: { url: receiver.url, ...body },
  });
  expect(status).toBe(201);
  const { id, secret } = created as { id: string; secret: string };
  receiver.secret = secret;
  return id;
}

describe('webhooks of a workspace', () => {
  it('are created, listed, shown, changed and deleted, with a secret that is answered once', async () => {
    const id = await create({ types: ['event.created'] });
    expect(receiver.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    const { body: shown } = await api.call(`${WEBHOOKS}/${id}`, { key });
    expect(shown).toMatchObject({
      id,
      workspaceId: 'acme',
      url: receiver.url,
      types: ['event.created'],
      payload: 'thin',
      status: 'active',
      pauseReason: null,
    });
    const { body: listed } = await api.call(WEBHOOKS, { key });
    expect(listed).toEqual([shown]);
    expect(JSON.stringify(listed)).not.toContain('whsec');
    const changed = await api.call(`${WEBHOOKS}/${id}`, { method: 'PATCH', key, body: { payload: 'full' } });
    expect(changed.body).toEqual({ ...(shown as object), payload: 'full' });
    expect((await api.call(`${WEBHOOKS}/${id}`, { method: 'DELETE', key })).body).toEqual({ removed: id });
    expect((await api.call(`${WEBHOOKS}/${id}`, { key })).status).toBe(404);
  });

  it('are paused, resumed, tested, replayed and given another secret', async () => {
    const id = await create();
    expect((await post(`${WEBHOOKS}/${id}/pause`)).body).toMatchObject({ pauseReason: 'requested' });
    expect((await post(`${WEBHOOKS}/${id}/resume`)).body).toMatchObject({ status: 'active' });
    expect((await post(`${WEBHOOKS}/${id}/replay`, { from: 0 })).body).toMatchObject({ id });
    const { body: rotated } = await post(`${WEBHOOKS}/${id}/rotate-secret`, { overlapHours: 0 });
    receiver.secret = (rotated as { secret: string }).secret;
    const { body: tested } = await post(`${WEBHOOKS}/${id}/test`);
    expect(tested).toMatchObject({ status: 204, changes: 0 });
    expect((await api.call(`${WEBHOOKS}/${id}/deliveries`, { key })).body).toEqual([tested]);
  });

  it.each([
    ['url', { url: 'https://10.1.2.3/hook' }],
    ['url', { url: 'http://example.com/hook' }],
    ['types', { types: [] }],
    ['types.0', { types: ['event.moved'] }],
    ['payload', { payload: 'fat' }],
    ['from', { from: 1 }],
    ['calendarIds.0', { calendarIds: ['mine'] }],
  ])('are refused with a sentence that names %s', async (field, body) => {
    const { status, body: problem } = await post(WEBHOOKS, { url: receiver.url, ...body });
    expect([status, problem.field]).toEqual([400, field]);
    expect(await fixture.prisma.webhookSubscription.count({ where: { url: 'https://10.1.2.3/hook' } })).toBe(
      0,
    );
  });

  it('name calendars of their workspace only, and are unknown to other workspaces', async () => {
    const foreign = { url: receiver.url, calendarIds: [randomUUID()] };
    expect((await post(WEBHOOKS, foreign)).status).toBe(404);
    const id = await create();
    const other = await api.createKey('other');
    for (const action of ['pause', 'test', 'replay'])
      expect(
        (await post(`/api/v1/workspaces/other/webhooks/${id}/${action}`, { from: 0 }, other)).status,
      ).toBe(404);
  });
});

describe('webhooks for all workspaces', () => {
  it('are for admins only, and unknown to workspaces', async () => {
    const id = await create({}, FOR_ALL);
    const { body: shown } = await api.call(`${FOR_ALL}/${id}`);
    expect(shown).toMatchObject({ id, workspaceId: null });
    expect((await api.call(FOR_ALL)).body).toEqual([shown]);
    expect((await api.call(FOR_ALL, { key })).status).toBe(403);
    expect((await api.call(`${WEBHOOKS}/${id}`, { key })).status).toBe(404);
    const { body: tested } = await api.call(`${FOR_ALL}/${id}/test`, { method: 'POST', body: {} });
    expect(tested).toMatchObject({ status: 204, workspaceId: null });
    expect((await api.call(`${FOR_ALL}/${id}`, { method: 'DELETE' })).status).toBe(200);
  });
});

describe('`almanac webhook`', () => {
  const cli = (...args: string[]) =>
    runCli(['webhook', ...args], {
      env: {
        DATABASE_URL: fixture.url,
        TOKEN_ENCRYPTION_KEY: ENCRYPTION_KEY,
        WEBHOOK_ALLOWED_NETWORKS: THIS_MACHINE.join(','),
      },
    });
  const json = async (...args: string[]) => {
    const { code, stdout, stderr } = await cli(...args, '--json');
    expect(stderr).toBe('');
    return { code, output: JSON.parse(stdout) as Record<string, unknown> };
  };

  it('makes what the API makes', { tags: ['slow'] }, async () => {
    const { stdout } = await cli('create', 'acme', '--url', receiver.url, '--type', 'event.deleted');
    receiver.secret = stdout.trim();
    const { output: list } = await json('list', 'acme');
    const { id } = (list as unknown as { id: string }[]).at(-1)!;
    expect((await json('test', id)).output).toMatchObject({ status: 204 });
    receiver.answer(500);
    expect(await cli('test', id)).toMatchObject({ code: 1, stdout: expect.stringContaining('HTTP 500') });
    receiver.answer(204);
    expect((await json('pause', id)).output).toMatchObject({ status: 'paused' });
    const types = ['occurrence.created', 'event.deleted'];
    const changes = ['--payload', 'full', '--type', types.join(','), '--occurrence-days', '7'];
    expect((await json('change', id, ...changes)).output).toMatchObject({
      payload: 'full',
      types,
      occurrenceDays: 7,
    });
    expect((await json('resume', id)).output).toMatchObject({ status: 'active' });
    expect((await json('replay', id, '--from', '0')).output).toMatchObject({ id });
    expect((await json('rotate-secret', id)).output).toMatchObject({
      secret: expect.stringMatching(/^whsec_/),
    });
    expect((await json('deliveries', id)).output).toHaveLength(2);
    expect((await cli('show', id)).stdout).toContain('of the next 7 days');
    expect((await cli('list')).stdout).toContain(id);
    expect((await cli('deliveries', id)).stdout).toContain('500');
    expect((await cli('delete', id)).code).toBe(0);
    expect((await cli('show', id)).code).toBe(1);
  });

  it('takes a workspace or --all, and not both', async () => {
    expect((await cli('create', '--url', receiver.url)).code).toBe(2);
    expect((await cli('create', 'acme', '--all', '--url', receiver.url)).code).toBe(2);
  });
});

describe('failing webhooks', () => {
  it('of every workspace and of none are shown to admins, longest first, and others are not', async () => {
    const list = async (asKey?: string) => api.call('/api/v1/failing-webhooks', asKey ? { key: asKey } : {});
    const [retried, given, asked, forAll] = [
      await create(),
      await create(),
      await create(),
      await create({}, FOR_ALL),
    ];
    const since = (minutes: number) => new Date(Date.now() - minutes * 60_000);
    const set = (id: string, data: object) => api.prisma.webhookSubscription.update({ where: { id }, data });
    await set(retried, { failures: 2, failingSince: since(5), lastError: '503' });
    await set(given, { status: 'paused', pauseReason: 'failed', failingSince: since(90) });
    await set(asked, { status: 'paused', pauseReason: 'requested' });
    await set(forAll, { failures: 1, failingSince: since(30) });
    const { body } = await list();
    expect(
      body.map(({ id, workspaceId }: { id: string; workspaceId: string | null }) => [id, workspaceId]),
    ).toEqual([
      [given, 'acme'],
      [forAll, null],
      [retried, 'acme'],
    ]);
    expect(JSON.stringify(body)).not.toContain('whsec_');
    expect((await list(key)).status).toBe(403);
  });
});
