import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { Client } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createPayloadCodec } from '../../client/payload-codec.ts';
import { startTestApi, type TestApi } from '../support/api.ts';

const WEB_UI = 'http://localhost:8233';
const [OLDER, NEWER] = [randomBytes(32).toString('base64'), randomBytes(32).toString('base64')];

let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    environment: {
      TOKEN_ENCRYPTION_KEY: [NEWER, OLDER],
      TEMPORAL_PAYLOAD_ENCRYPTION: true,
      API_CODEC_ORIGINS: [WEB_UI],
    },
  });
});
afterAll(() => api.close());

const base64 = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('base64');
const toJson = ({ metadata, data }: Payload) => ({
  metadata: Object.fromEntries(Object.entries(metadata ?? {}).map(([name, bytes]) => [name, base64(bytes)])),
  data: base64(data),
});
const plain = toJson(defaultPayloadConverter.toPayload({ workspaceId: 'canary' }) ?? {});

async function encryptedWith(key: string) {
  const payload = defaultPayloadConverter.toPayload({ workspaceId: 'canary' }) ?? {};
  const [encrypted] = await createPayloadCodec({ keys: [key], encrypt: true }).encode([payload]);
  return toJson(encrypted ?? {});
}

const post = (direction: 'encode' | 'decode', payloads: unknown, headers = {}, key?: string | null) =>
  api.call(`/codec/${direction}`, {
    method: 'POST',
    body: { payloads },
    headers,
    ...(key !== undefined && { key }),
  });

describe('the codec server', () => {
  it('decrypts what was encrypted, by any key, and passes on what was not', async () => {
    const payloads = [await encryptedWith(NEWER), plain, await encryptedWith(OLDER)];
    const answer = await post('decode', payloads, { 'x-namespace': 'default' });
    expect(answer).toMatchObject({ status: 200, body: { payloads: [plain, plain, plain] } });
  });

  it('encrypts as workers do', async () => {
    const { body } = await post('encode', [plain]);
    expect(Buffer.from(body.payloads[0].data, 'base64').toString('latin1')).not.toContain('canary');
    expect((await post('decode', body.payloads)).body).toEqual({ payloads: [plain] });
  });

  it.each(['encode', 'decode'] as const)('is for admins: %s', async (direction) => {
    await api.prisma.workspace.createMany({ data: [{ id: 'acme', timeZone: 'UTC' }], skipDuplicates: true });
    expect(await post(direction, [plain], {}, null)).toMatchObject({ status: 401 });
    expect(await post(direction, [plain], {}, await api.createKey('acme'))).toMatchObject({ status: 403 });
    expect(await post(direction, [plain], { origin: WEB_UI }, null)).toMatchObject({ status: 401 });
  });

  it('says nothing of why a payload cannot be decrypted', async () => {
    const altered = { ...(await encryptedWith(NEWER)), data: base64(randomBytes(100)) };
    for (const payload of [await encryptedWith(randomBytes(32).toString('base64')), altered])
      expect(await post('decode', [payload])).toMatchObject({
        status: 400,
        body: { field: 'payloads', detail: expect.stringContaining('must be as they were encrypted') },
      });
  });

  it.each([[{}], ['x'], [[{ data: 'no base64!' }]], [[{ metadata: { encoding: 7 } }]]])(
    'refuses %j',
    async (payloads) => expect(await post('decode', payloads)).toMatchObject({ status: 400 }),
  );
});

it('serves the command line of Temporal', async () => {
  const { namespace, client, address } = api.temporal;
  const codec = createPayloadCodec({ keys: [NEWER], encrypt: true });
  const encrypting = new Client({
    connection: client.connection,
    namespace,
    dataConverter: { payloadCodecs: [codec] },
  });
  await encrypting.workflow.start('incrementalSync', {
    workflowId: 'shown',
    taskQueue: 'nobody',
    args: [{ workspaceId: 'canary' }],
  });
  const show = async (...options: string[]) => {
    const args = ['workflow', 'show', '--workflow-id=shown', '--output=json'];
    const server = [`--address=${address}`, `--namespace=${namespace}`];
    const { temporalCommand } = inject('servers');
    return (await promisify(execFile)(temporalCommand, [...args, ...server, ...options])).stdout;
  };
  expect(await show()).not.toContain(plain.data);
  const shown = await show(`--codec-endpoint=${api.url}/codec`, `--codec-auth=Bearer ${api.adminKey}`);
  expect(shown).toContain(plain.data);
});

describe('a browser', () => {
  it('is allowed from the origin of the Web UI, and from no other', async () => {
    for (const [origin, allowed] of [
      [WEB_UI, WEB_UI],
      ['https://evil.example.com', null],
      ['http://localhost:8234', null],
      ['null', null],
    ] as const) {
      const preflight = await api.call('/codec/decode', {
        method: 'OPTIONS',
        key: null,
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      expect(preflight.status).toBe(204);
      const answer = await post('decode', [plain], { origin });
      for (const { headers } of [preflight, answer]) {
        expect(headers.get('access-control-allow-origin')).toBe(allowed);
        expect(headers.get('access-control-allow-credentials')).toBe(allowed && 'true');
        expect(headers.get('vary')).toContain('origin');
      }
    }
  });

  it('asks its user for the key, and sends it as a password', async () => {
    const asked = await api.call('/codec', { key: null });
    expect(asked.status).toBe(401);
    expect(asked.headers.get('www-authenticate')).toContain('Basic realm=');
    const basic = (password: string) => ({
      authorization: `Basic ${Buffer.from(`anybody:${password}`).toString('base64')}`,
    });
    expect(await api.call('/codec', { key: null, headers: basic(api.adminKey) })).toMatchObject({
      status: 200,
    });
    expect(await post('decode', [plain], basic(api.adminKey), null)).toMatchObject({ status: 200 });
    expect(await post('decode', [plain], basic('wrong'), null)).toMatchObject({ status: 401 });
  });

  it('has no other route that takes a password', async () => {
    const headers = { authorization: `Basic ${Buffer.from(`a:${api.adminKey}`).toString('base64')}` };
    expect(await api.call('/api/v1/workspaces', { key: null, headers })).toMatchObject({ status: 401 });
  });
});
