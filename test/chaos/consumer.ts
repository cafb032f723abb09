import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { Webhook } from 'standardwebhooks';
import { createWebhook } from '../../services/delivery/webhooks.ts';
import { resumeWebhook } from '../../services/delivery/pause.ts';
import { listenLocally } from '../support/listen-locally.ts';
import type { Message } from '../support/receiver.ts';
import type { LogError } from './change-log.ts';
import type { Dice } from './dice.ts';
import type { ChaosStack } from './stack.ts';

const POLL_MS = 200;
const LONGEST_DELIVERY_MS = 5 * 60_000;
/** One delivery in so many meets a consumer that is killed before or after it has stored it, or refuses it. */
const FAILS_ONE_IN = 12;
const THIS_MACHINE = '127.0.0.0/8';

/** Copy of a workspace in a product that gets deliveries. */
class Copy {
  readonly events = new Map<string, unknown>();
  position = 0;
}

/**
 * Keeps a copy of every workspace's mirror by the deliveries of one webhook alone. It is killed at times: before
 * it has stored a delivery, or after that and before it has answered.
 */
export class Consumer {
  /** Deliveries that it has stored, and those that had to come again. */
  stored = 0;
  repeated = 0;
  private readonly copies = new Map<string, Copy>();
  private readonly errors: LogError[] = [];
  private readonly stack: ChaosStack;
  private readonly dice: Dice;
  private readonly server: Server;
  private webhookId = '';
  private webhook: Webhook | undefined;
  private isReliable = false;

  constructor(stack: ChaosStack, dice: Dice) {
    this.stack = stack;
    this.dice = dice;
    this.server = createServer((request, response) => {
      void this.receive(request, response).catch(() => request.socket.destroy());
    });
  }

  async subscribe(): Promise<void> {
    const { database, tokenCipher } = this.stack;
    const url = `${await listenLocally(this.server)}/hook`;
    const context = { database, tokenCipher, guard: { networks: [THIS_MACHINE] } };
    const { id, secret } = await createWebhook(context, null, { url, payload: 'full', from: 0 });
    [this.webhookId, this.webhook] = [id, new Webhook(secret)];
  }

  /** Waits until everything has been delivered, and holds the copies against the mirror. */
  async compare(): Promise<LogError[]> {
    const { database } = this.stack;
    this.isReliable = true;
    await resumeWebhook(database, null, this.webhookId);
    const startedAt = performance.now();
    while (await this.isBehind()) {
      if (performance.now() - startedAt > LONGEST_DELIVERY_MS) throw new Error('Deliveries do not end.');
      await sleep(POLL_MS);
    }
    this.server.close().closeAllConnections();
    for (const { id: workspaceId } of await database.workspace.findMany({ select: { id: true } })) {
      const { events } = this.copies.get(workspaceId) ?? new Copy();
      const rows = await database.calendarEvent.findMany({ where: { calendar: { workspaceId } } });
      const mirror = new Map(rows.map((row) => [keyOf(row), row.resource]));
      for (const key of new Set([...mirror.keys(), ...events.keys()])) {
        if (!isDeepStrictEqual(mirror.get(key), events.get(key)))
          this.errors.push({ workspaceId, why: `a consumer of deliveries has another ${key}` });
      }
    }
    return this.errors;
  }

  private async isBehind(): Promise<boolean> {
    const [row] = await this.stack.database.$queryRaw<{ behind: boolean }[]>`
      select exists (
        select from calendar_change_positions p
        left join webhook_cursors c on c.workspace_id = p.workspace_id and c.subscription_id = ${this.webhookId}::uuid
        where p.last_position > coalesce(c.position, 0)) as behind`;
    return row?.behind ?? true;
  }

  private async receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    const headers = request.headers as Record<string, string>;
    if (this.webhook === undefined) return void response.writeHead(503).end();
    const { data } = this.webhook.verify(body, headers) as Message;
    const fate = this.isReliable ? FAILS_ONE_IN : this.dice.between(0, FAILS_ONE_IN);
    if (fate === 0) return void request.socket.destroy();
    if (fate === 1) return void response.writeHead(503).end();
    this.store(data);
    if (fate <= 3) return void request.socket.destroy();
    response.writeHead(204).end();
  }

  private store({ workspaceId, after, position, changes }: Message['data']): void {
    const copy = this.copies.get(workspaceId) ?? new Copy();
    this.copies.set(workspaceId, copy);
    if (position <= copy.position) {
      this.repeated += 1;
      return;
    }
    if (after !== copy.position)
      this.errors.push({
        workspaceId,
        why: `a delivery after ${after} came to a consumer at ${copy.position}`,
      });
    for (const { event, ...change } of changes) {
      if (event === null) copy.events.delete(keyOf(change));
      else copy.events.set(keyOf(change), event);
    }
    copy.position = position;
    this.stored += 1;
  }
}

function keyOf({ calendarId, googleEventId }: { calendarId: string; googleEventId: string }): string {
  return `${calendarId}/${googleEventId}`;
}
