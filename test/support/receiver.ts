import { createServer, type IncomingHttpHeaders } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { listenLocally } from './listen-locally.ts';

export interface ReceivedChange {
  type: string;
  position: number;
  calendarId: string;
  googleEventId: string;
  event?: unknown;
}

/** What a delivery says, once its signature has been checked. */
export interface Message {
  type: string;
  data: {
    subscriptionId: string;
    workspaceId: string;
    generation: number;
    after: number;
    position: number;
    changes: ReceivedChange[];
  };
}

export interface Received {
  id: string;
  headers: IncomingHttpHeaders;
  body: string;
  message: Message;
}

interface Answer {
  status: number;
  headers?: Record<string, string>;
}

/** A receiver of deliveries on this machine. */
export interface Receiver {
  url: string;
  received: Received[];
  /** Answers the next deliveries in turn; the last one stays. */
  answer(...answers: (Answer | number)[]): void;
  /** Called before each answer. */
  beforeAnswer: () => Promise<void> | void;
  /** Secret that deliveries are checked with. */
  secret: string;
  close(): void;
}

export async function startReceiver(): Promise<Receiver> {
  let answers: Answer[] = [{ status: 204 }];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      const [id, timestamp] = [headers['webhook-id']!, Number(headers['webhook-timestamp'])];
      // The library's own check refuses the times of a database whose clock a test has moved.
      const signature = new Webhook(receiver.secret).sign(id, new Date(timestamp * 1_000), body);
      if (!headers['webhook-signature']!.split(' ').includes(signature)) {
        return void response.writeHead(401).end();
      }
      receiver.received.push({ id, headers, body, message: JSON.parse(body) as Message });
      const { status, headers: answered } = answers.length > 1 ? answers.shift()! : answers[0]!;
      void Promise.resolve(receiver.beforeAnswer()).then(() => response.writeHead(status, answered).end());
    });
  });
  const receiver: Receiver = {
    url: `${await listenLocally(server)}/hook`,
    received: [],
    answer: (...next) => {
      answers = next.map((one) => (typeof one === 'number' ? { status: one } : one));
    },
    beforeAnswer: () => undefined,
    secret: '',
    close: () => server.close().closeAllConnections(),
  };
  return receiver;
}
