import { createServer, type IncomingHttpHeaders } from 'node:http';
import { listenLocally } from './listen-locally.ts';

interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

export interface WebhookReceiver {
  /** Origin, without a slash. */
  url: string;
  received: Received[];
  /** Answers of the next requests; afterwards 200. Null: none, the connection is cut. */
  answers: ({ status: number; headers?: Record<string, string> } | null)[];
  close(): Promise<void>;
}

/** A server of a product that takes webhooks. */
export async function startWebhookReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const answers: WebhookReceiver['answers'] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      received.push({ path: request.url ?? '', headers: request.headers, body });
      const answer = answers.length === 0 ? { status: 200 } : answers.shift();
      if (!answer) return request.socket.destroy();
      response.writeHead(answer.status, answer.headers).end('ok');
    });
  });
  return {
    url: await listenLocally(server),
    received,
    answers,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
