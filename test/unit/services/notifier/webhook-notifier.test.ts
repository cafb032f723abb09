import { createServer, type RequestListener, type Server } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type Notice, NoticeRefusedError } from '../../../../services/notifier/notifier.ts';
import { createWebhookNotifier } from '../../../../services/notifier/webhook-notifier.ts';
import { FailureType } from '../../../../contracts/failure-types.ts';
import { RETRY_TABLE } from '../../../../contracts/retry-table.ts';
import { listenLocally } from '../../../support/listen-locally.ts';

const TIMEOUT_MS = 300;
const THIS_MACHINE = ['127.0.0.0/8', '::1/128'];

const notice: Notice = {
  id: '11111111-1111-4111-8111-111111111111',
  workspaceId: 'acme',
  calendarId: '22222222-2222-4222-8222-222222222222',
  accountId: null,
  operation: 'sync',
  failureType: FailureType.googleNotFound,
  attempts: 3,
  workflowId: 'calendar-sync/acme',
  runId: 'run-1',
  correlationId: null,
  firstFailedAt: new Date('2026-01-05T09:00:00Z'),
};

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  servers.push(server);
  return `${await listenLocally(server)}/services/secret`;
}

const send = (url: string, more = 0) =>
  createWebhookNotifier(url, { networks: THIS_MACHINE, timeoutMs: TIMEOUT_MS }).send({
    notices: [notice],
    more,
  });

/** The error of a message that failed. */
async function failureOf(sending: Promise<void>): Promise<Error> {
  const error = await sending.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error)) throw new Error('The message was sent.');
  expect(error.message).not.toContain('secret');
  return error;
}

describe('a message at a webhook', () => {
  it('is one text, as Slack takes it, with what to do', async () => {
    const bodies: string[] = [];
    const url = await serve((request, response) => {
      expect(request.headers['content-type']).toBe('application/json');
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        bodies.push(`${request.method} ${request.url} ${body}`);
        response.end('ok');
      });
    });
    await send(url, 180);
    expect(bodies).toHaveLength(1);
    const [, json = ''] = /^POST \/services\/secret (.*)$/.exec(bodies[0] ?? '') ?? [];
    expect(JSON.parse(json)).toEqual({
      text: [
        'Almanac has 181 new dead letters:',
        `• GoogleNotFound (sync) in workspace acme, calendar ${notice.calendarId} · 3 runs since 2026-01-05T09:00:00.000Z · ${RETRY_TABLE.GoogleNotFound.advice} · ${notice.id}`,
        'and 180 more.',
        'List the dead letters to see every open one. Retry a dead letter when its cause is fixed.',
      ].join('\n'),
    });
  });

  it.each([400, 404, 410, 429, 500, 503])('is refused by a %i', async (status) => {
    const url = await serve((_request, response) => void response.writeHead(status).end('no'));
    expect(await failureOf(send(url))).toMatchObject({ name: 'NoticeRefusedError', reason: String(status) });
  });

  it('is refused where no server listens', async () => {
    const url = await serve(() => undefined);
    servers.splice(0).forEach((server) => server.close());
    expect(await failureOf(send(url))).toMatchObject({ reason: 'ECONNREFUSED' });
  });

  it('is refused where the name means nothing', async () => {
    expect(await failureOf(send('http://nowhere.invalid/services/secret'))).toBeInstanceOf(
      NoticeRefusedError,
    );
  });

  it('does not follow anybody elsewhere', async () => {
    let visits = 0;
    const elsewhere = await serve((_request, response) => {
      visits += 1;
      response.end();
    });
    for (const status of [301, 302, 307, 308]) {
      const url = await serve((_request, response) => {
        response.writeHead(status, { location: elsewhere }).end();
      });
      expect(await failureOf(send(url))).toMatchObject({ reason: String(status) });
    }
    expect(visits).toBe(0);
  });

  it.each([
    '127.0.0.1',
    'localhost',
    '2130706433',
    '0x7f.1',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::127.0.0.1]',
    '[64:ff9b::7f00:1]',
    '[2002:7f00:1::]',
    '0.0.0.0',
    '10.0.0.1',
    '172.16.0.1',
    '192.168.1.1',
    '100.64.0.1',
    '169.254.169.254',
    '[fe80::1]',
    '[fd00:ec2::254]',
    '224.0.0.1',
    '255.255.255.255',
  ])('is not sent to %s, which is no public address', async (host) => {
    let visits = 0;
    const local = new URL(await serve((_request, response) => void response.end((visits += 1))));
    const sending = createWebhookNotifier(`http://${host}:${local.port}/services/secret`).send({
      notices: [notice],
      more: 0,
    });
    expect(await failureOf(sending)).toMatchObject({
      name: 'NoticeRefusedError',
      reason: 'its address is not public',
    });
    expect(visits).toBe(0);
  });

  it('is not sent to a private address by another name', async () => {
    let visits = 0;
    const { port } = new URL(await serve((_request, response) => void response.end((visits += 1))));
    const resolve = async () => [
      { address: '127.0.0.1', family: 4 },
      { address: '::1', family: 6 },
    ];
    const notifier = createWebhookNotifier(`http://hooks.example.com:${port}/secret`, { resolve });
    const sending = notifier.send({ notices: [notice], more: 0 });
    expect(await failureOf(sending)).toMatchObject({ reason: 'its address is not public' });
    expect(visits).toBe(0);
  });

  it('is refused where there is no TLS to trust', async () => {
    const url = await serve(() => undefined);
    expect(await failureOf(send(url.replace('http:', 'https:')))).toBeInstanceOf(NoticeRefusedError);
  });

  it('goes to the address that was looked at, and nowhere else', async () => {
    let looks = 0;
    const hosts: unknown[] = [];
    const { port } = new URL(
      await serve((request, response) => {
        hosts.push(request.headers.host);
        response.end();
      }),
    );
    const resolve = async () => {
      looks += 1;
      return [
        { address: '10.0.0.1', family: 4 },
        { address: '127.0.0.1', family: 4 },
      ];
    };
    await createWebhookNotifier(`http://hooks.invalid:${port}/`, { networks: THIS_MACHINE, resolve }).send({
      notices: [notice],
      more: 0,
    });
    expect(hosts).toEqual([`hooks.invalid:${port}`]);
    expect(looks).toBe(1);
  });

  it('may have arrived where no answer comes in time', async () => {
    const url = await serve(() => undefined);
    expect(await failureOf(send(url))).not.toBeInstanceOf(NoticeRefusedError);
  });

  it('may have arrived where the connection is reset after it was sent', async () => {
    const url = await serve((request) => {
      request.resume().on('end', () => request.socket.resetAndDestroy());
    });
    expect(await failureOf(send(url))).not.toBeInstanceOf(NoticeRefusedError);
  });

  it('has arrived however much is said back', async () => {
    let closed = false;
    const url = await serve((_request, response) => {
      response.on('close', () => (closed = true));
      response.writeHead(200);
      const pour = () => {
        while (!response.destroyed && response.write('x'.repeat(65_536)));
        response.once('drain', pour);
      };
      pour();
    });
    await send(url);
    await expect.poll(() => closed).toBe(true);
  });
});
