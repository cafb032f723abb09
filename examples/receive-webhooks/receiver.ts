import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Webhook, WebhookVerificationError } from 'standardwebhooks';

/** A change of one event. */
export interface Change {
  type: 'event.created' | 'event.updated' | 'event.deleted';
  position: number;
  calendarId: string;
  googleEventId: string;
  /** The event as Google sent it; null: it is gone. */
  event: object | null;
}

/** Changes of a workspace behind `after`, up to `position`. */
export interface Delivery {
  workspaceId: string;
  /** Number of replays before it. */
  generation: number;
  after: number;
  position: number;
  changes: Change[];
}

/** Where a product keeps its copy. Each call is one transaction of its own. */
export interface Copy {
  /** Generation and position of the last delivery that was applied. */
  readProgress(workspaceId: string): Promise<{ generation: number; position: number }>;
  /** Applies a delivery and stores its progress, both or neither. If `after` is 0, it begins with an empty copy. */
  apply(delivery: Delivery): Promise<void>;
}

const MOST_BODY_BYTES = 8 * 1_024 * 1_024;

/** An HTTP server that keeps a copy up to date. It answers 204 only when a delivery has been applied. */
export function createReceiver(secret: string, copy: Copy): Server {
  const webhook = new Webhook(secret);
  return createServer((request, response) => {
    receive(webhook, copy, request).then(
      (status) => end(response, status),
      // Another attempt follows.
      () => end(response, 500),
    );
  });
}

function end(response: ServerResponse, status: number): void {
  response.writeHead(status).end();
}

async function receive(webhook: Webhook, copy: Copy, request: IncomingMessage): Promise<number> {
  const body = await readBody(request);
  if (body === null) return 413;
  let message: { type: string; data: Delivery };
  try {
    message = webhook.verify(body, request.headers as Record<string, string>) as typeof message;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return 401;
    throw error;
  }
  if (message.type === 'events.changed') await applyOnce(copy, message.data);
  return 204;
}

/** Deliveries come in order of generation and position; one that is not newer has been applied. */
async function applyOnce(copy: Copy, delivery: Delivery): Promise<void> {
  const { generation, position } = await copy.readProgress(delivery.workspaceId);
  const isNewer =
    delivery.generation > generation || (delivery.generation === generation && delivery.position > position);
  if (isNewer) await copy.apply(delivery);
}

async function readBody(request: IncomingMessage): Promise<string | null> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > MOST_BODY_BYTES) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString();
}
