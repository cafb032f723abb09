import { once } from 'node:events';
import { type AddressInfo, connect, createServer, isIPv6, type Socket } from 'node:net';
import { networkInterfaces } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import fastify from 'fastify';
import { beforeEach, describe, expect, it } from 'vitest';
import { listenOn } from '../../api/listen.ts';
import { startTestApi, type TestApi } from '../support/api.ts';
import { exchange } from '../support/raw-http.ts';

/** Far below the time-out of an idle connection. */
const AT_ONCE_MS = 3_000;
/** Those of `localhost`, as far as this machine has them. */
const ADDRESSES = ['127.0.0.1', '::1'].filter((address) =>
  Object.values(networkInterfaces()).some((known) => known?.some((one) => one.address === address)),
);

let api: TestApi;
beforeEach(async () => {
  api = await startTestApi({ addresses: ADDRESSES });
  await api.prisma.workspace.create({ data: { id: 'acme', timeZone: 'UTC' } });
});

async function open(address: string, text: string): Promise<Socket> {
  const socket = connect(Number(new URL(api.url).port), address);
  socket.on('error', () => {}).resume();
  await once(socket, 'connect');
  if (text !== '') socket.write(text);
  return socket;
}

/** A close, with the parts that the test has set up for it. */
async function closingMs(): Promise<number> {
  const startedAt = performance.now();
  await api.close();
  return performance.now() - startedAt;
}

describe.each(ADDRESSES)('at %s', (address) => {
  it.each([
    ['nothing has been asked', ''],
    ['a request was begun', 'GET /livez HTTP/1.1\r\nhost: '],
    ['a request was answered', 'GET /livez HTTP/1.1\r\nhost: test\r\n\r\n'],
  ])('closes at once beside a connection over which %s', async (_what, text) => {
    const socket = await open(address, text);
    // The API sees the connection, and what came over it, before it closes.
    await api.call('/livez');
    await sleep(50);
    const ended = once(socket, 'close');
    expect(await closingMs()).toBeLessThan(AT_ONCE_MS);
    await ended;
  });

  it('answers who waits for changes before it closes', async () => {
    const waiting = exchange(
      api.url.replace('127.0.0.1', isIPv6(address) ? `[${address}]` : address),
      `GET /api/v1/workspaces/acme/changes?wait=50 HTTP/1.1\r\nhost: test\r\nauthorization: Bearer ${api.adminKey}\r\nconnection: close\r\n\r\n`,
    );
    await sleep(500);
    expect(await closingMs()).toBeLessThan(AT_ONCE_MS);
    expect(await waiting).toContain('HTTP/1.1 200');
  });
});

it.runIf(ADDRESSES.length > 1)('listens on no address of a host where another program has one', async () => {
  const other = createServer();
  await once(other.listen(0, ADDRESSES[1]), 'listening');
  const app = fastify();
  const { port } = other.address() as AddressInfo;
  await expect(listenOn(app, ADDRESSES, port)).rejects.toMatchObject({ code: 'EADDRINUSE' });
  expect(app.server.listening).toBe(false);
  other.close();
});
