import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';
import getPort from 'get-port';

/** Between the worker and Postgres, so that Postgres can be away for the worker alone. */
export interface PostgresProxy {
  url: string;
  away(): Promise<void>;
  back(): Promise<void>;
}

export async function startProxy(target: string): Promise<PostgresProxy> {
  const url = new URL(target);
  const port = await getPort();
  const sockets = new Set<Socket>();
  let server: Server | undefined;
  const upstream = { host: url.hostname, port: Number(url.port) };
  const away = async () => {
    if (server === undefined) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
    server = undefined;
  };
  const back = async () => {
    if (server !== undefined) return;
    server = createServer((client) => {
      const onward = connect(upstream);
      for (const socket of [client, onward]) {
        sockets.add(socket);
        socket.on('error', () => {});
        socket.on('close', () => {
          sockets.delete(socket);
          for (const other of [client, onward]) other.destroy();
        });
      }
      client.pipe(onward).pipe(client);
    }).listen(port, '127.0.0.1');
    await once(server, 'listening');
  };
  await back();
  return { url: Object.assign(new URL(target), { host: `127.0.0.1:${port}` }).href, away, back };
}
