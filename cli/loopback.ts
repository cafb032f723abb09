import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

const HOST = '127.0.0.1';
const PATH = '/oauth/google/callback';
/** Time for the browser to read the last reply. */
const LAST_REPLY_MS = 1_000;

/** A server on the loopback interface to which Google redirects the browser. */
interface Loopback {
  redirectUri: string;
  close(): Promise<void>;
}

/** Reply to the browser. Plain text, so that nothing from the request can become markup. */
export interface LoopbackReply {
  status: number;
  text: string;
}

/** Listens on a free port. `answer` gets the query of each request to the redirect URI. */
export async function startLoopback(
  answer: (query: URLSearchParams) => Promise<LoopbackReply>,
): Promise<Loopback> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    // Against DNS rebinding: a page whose domain resolves to this address sends its own host name.
    const host = `${HOST}:${port}`;
    const [path, query] = (request.url ?? '').split('?', 2);
    if (request.method !== 'GET' || request.headers.host !== host || path !== PATH) {
      return send(response, { status: 404, text: 'There is nothing here.' });
    }
    answer(new URLSearchParams(query)).then(
      (reply) => send(response, reply),
      () => send(response, { status: 500, text: 'The account was not connected: see the terminal.' }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, HOST, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    redirectUri: `http://${HOST}:${port}${PATH}`,
    close: () =>
      new Promise((resolve) => {
        const impatience = setTimeout(() => server.closeAllConnections(), LAST_REPLY_MS);
        server.close(() => {
          clearTimeout(impatience);
          resolve();
        });
        server.closeIdleConnections();
      }),
  };
}

function send(response: ServerResponse, { status, text }: LoopbackReply): void {
  response
    .writeHead(status, {
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
      connection: 'close',
    })
    .end(`${text}\n`);
}
