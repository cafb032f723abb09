import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { Database } from '../../prisma/client.ts';
import { dueSubscriptions } from '../../services/delivery/due-subscriptions.ts';
import { createWebhook } from '../../services/delivery/webhooks.ts';
import { found, type Latency, repeat, usualPause } from '../push/measure.ts';
import { type BenchStack, withStack } from '../support/stack.ts';
import { timeSync } from '../support/workflow-run.ts';
import { connectAccount, generateAccount, withDatabase } from '../support/workspace.ts';

const WORKSPACE_ID = 'bench';
const CALENDAR = { events: 300, recurringShare: 0.15 };
const HOUR_MS = 3_600_000;
const THIS_MACHINE = '127.0.0.0/8';
const LOST_AFTER_MS = 60_000;

export interface DeliveriesReport {
  latencies: Latency[];
  idle: { webhooks: number; workflows: number; lookMs: number };
}

/** A receiver that checks each delivery, and says when an event of a title has arrived. */
async function startReceiver() {
  const arrivals = new Map<string, () => void>();
  let secret = '';
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      const headers = request.headers as Record<string, string>;
      const { data } = new Webhook(secret).verify(body, headers) as {
        data: { changes: { event: { summary?: string } | null }[] };
      };
      for (const { event } of data.changes) arrivals.get(event?.summary ?? '')?.();
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    useSecret: (next: string) => (secret = next),
    arrival: (title: string) =>
      new Promise<void>((resolve, reject) => {
        const lost = setTimeout(() => reject(new Error('A change was not delivered.')), LOST_AFTER_MS);
        arrivals.set(title, () => {
          clearTimeout(lost);
          resolve();
        });
      }),
    close: () => server.close().closeAllConnections(),
  };
}

/** Webhooks of workspaces in which nothing changes. */
async function addIdle(database: Database, count: number): Promise<void> {
  await database.$executeRaw`
    insert into workspaces (id, time_zone, updated_at)
    select 'idle-' || n, 'UTC', now() from generate_series(1, ${count}::int) n`;
  await database.$executeRaw`
    insert into calendar_change_positions (workspace_id, last_position)
    select 'idle-' || n, 1 from generate_series(1, ${count}::int) n`;
  await database.$executeRaw`
    insert into webhook_subscriptions (id, workspace_id, url, types, payload, key_id, secret)
    select gen_random_uuid(), 'idle-' || n, 'https://example.com/', '{event.created}', 'thin', 'key', '\\x00'
    from generate_series(1, ${count}::int) n`;
  await database.$executeRaw`
    insert into webhook_cursors (subscription_id, workspace_id, position)
    select id, workspace_id, 1 from webhook_subscriptions where workspace_id like 'idle-%'`;
}

async function lookAtAll(database: Database): Promise<number> {
  const startedAt = performance.now();
  await dueSubscriptions(database, null);
  return performance.now() - startedAt;
}

async function countWorkflows({ temporal }: BenchStack): Promise<number> {
  const { count } = await temporal.workflow.count(
    `WorkflowType = '${WorkflowType.deliverChanges}' and ExecutionStatus = 'Running'`,
  );
  return count;
}

/** Changes a calendar that has a push channel, while a webhook waits for the changes and many others for none. */
export async function measureDeliveries(options: {
  changes: number;
  idle: number;
}): Promise<DeliveriesReport> {
  return withStack(async (stack) => {
    const account = await generateAccount(stack, CALENDAR);
    const receiver = await startReceiver();
    return withDatabase(stack, async (database, target) => {
      await connectAccount(stack, database, WORKSPACE_ID, account);
      await addIdle(database, options.idle);
      const api = await stack.startApi(target.url);
      await stack.startWorker(target.url, {
        environment: { PUBLIC_URL: api.url, WEBHOOK_ALLOWED_NETWORKS: THIS_MACHINE },
      });
      await timeSync(stack.temporal, WorkflowType.incrementalSync, WORKSPACE_ID);
      await found(
        () => database.watchChannel.findFirst({ where: { status: 'live' } }),
        'No channel was opened.',
      );
      const { tokenCipher } = stack;
      const context = { database, tokenCipher, guard: { networks: [THIS_MACHINE] } };
      const { secret } = await createWebhook(context, WORKSPACE_ID, { url: receiver.url, payload: 'full' });
      receiver.useSecret(secret);

      async function change(): Promise<number> {
        const summary = randomUUID();
        const arrival = receiver.arrival(summary);
        const startMs = Math.ceil(Date.now() / HOUR_MS) * HOUR_MS;
        const at = (ms: number) => ({ dateTime: new Date(ms).toISOString() });
        const changedAt = performance.now();
        const event = { summary, start: at(startMs), end: at(startMs + HOUR_MS) };
        await Promise.all([stack.admin.insertEvent(account.googleCalendarId, event), arrival]);
        return performance.now() - changedAt;
      }

      await change();
      const { progress } = stack;
      const latencies = [
        await progress.step('Changes with pauses', () =>
          repeat('with pauses', options.changes, usualPause, change),
        ),
        await progress.step('Changes back to back', () =>
          repeat('back to back', options.changes, () => 0, change),
        ),
      ];
      await sleep(2_000);
      const idle = {
        webhooks: options.idle,
        workflows: await countWorkflows(stack),
        lookMs: await lookAtAll(database),
      };
      receiver.close();
      return { latencies, idle };
    });
  });
}
