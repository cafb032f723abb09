import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import type { FastifyInstance } from 'fastify';

/** Errors for an address of the host name that this machine does not have. */
const ABSENT = ['EADDRNOTAVAIL', 'EAFNOSUPPORT'];

const listenTextResolver = (address: string) => `API started at ${address}`;

/**
 * Listens on all addresses of a host with one server. Fastify would create further servers, whose requests
 * neither hooks nor `close` take into account.
 */
export async function listenOn(
  app: FastifyInstance,
  [first, ...others]: string[],
  wanted: number,
): Promise<string> {
  const listeners = others.map((host) => ({
    host,
    server: createServer({ allowHalfOpen: true, noDelay: true }, (socket) =>
      app.server.emit('connection', socket),
    ),
  }));
  let closed: Promise<unknown>[] = [];
  app.addHook('preClose', async () => {
    const open = listeners.filter(({ server }) => server.listening);
    closed = open.map(({ server }) => once(server.close(), 'close'));
  });
  app.addHook('onClose', async () => {
    await Promise.all(closed);
  });
  const url = await app.listen({ host: first, port: wanted, listenTextResolver });
  const { port } = app.server.address() as AddressInfo;
  for (const { host, server } of listeners)
    await once(server.listen({ host, port }), 'listening').catch(async (error: NodeJS.ErrnoException) => {
      if (ABSENT.includes(error.code ?? '')) return;
      await app.close();
      throw error;
    });
  return url;
}
