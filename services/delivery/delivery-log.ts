import { z } from 'zod';
import { DELIVERY_LOG_NAMES, type DeliveryLogName } from '../../contracts/delivery.ts';
import { MAX_LOGGED_DELIVERIES } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { parseInput } from '../input.ts';
import { instant } from '../shapes.ts';
import type { Scope } from './context.ts';
import { requireWebhook } from './webhooks.ts';

const DEFAULT_LIMIT = 50;

export const deliverySchema = z.object({
  number: z.int().describe('1, 2, 3, … within the webhook'),
  workspaceId: z.string().nullable().describe('Null: a test of a webhook for all workspaces'),
  log: z
    .enum(DELIVERY_LOG_NAMES)
    .describe('Log of its positions. `events`: the change log; `workspace`: changes of the workspace itself'),
  messageId: z.string().describe('Header `webhook-id`: attempts of one delivery share it'),
  after: z.int().nullable().describe('Position before its first change. Null: a test'),
  position: z.int().nullable().describe('Position of its last change. Null: a test'),
  changes: z.int(),
  status: z.int().nullable().describe('HTTP status of the answer. Null: there was none'),
  error: z.string().nullable().describe('Why there was no answer'),
  latencyMs: z.int(),
  attemptedAt: instant,
});
export type Delivery = z.infer<typeof deliverySchema>;

const LIMIT_RULE = `must be a whole number from 1 to ${MAX_LOGGED_DELIVERIES}`;
const limitSchema = z.int({ error: LIMIT_RULE }).min(1, LIMIT_RULE).max(MAX_LOGGED_DELIVERIES, LIMIT_RULE);

/** One attempt, as it is logged. Bodies are not. */
export interface LoggedAttempt {
  workspaceId: string | null;
  log: DeliveryLogName;
  messageId: string;
  after: number | null;
  position: number | null;
  changes: number;
  status: number | null;
  error: string | null;
  latencyMs: number;
}

/** Logs an attempt under the next number, and forgets the one that is too old by now. */
export async function logAttempt(
  database: Database | Transaction,
  subscriptionId: string,
  attempt: LoggedAttempt,
): Promise<void> {
  const { workspaceId, log, messageId, after, position, changes, status, error, latencyMs } = attempt;
  await database.$executeRaw`
    with numbered as (
      update webhook_subscriptions set attempts = attempts + 1 where id = ${subscriptionId}::uuid
      returning attempts as number
    ), forgotten as (
      delete from webhook_deliveries d using numbered n
      where d.subscription_id = ${subscriptionId}::uuid and d.number <= n.number - ${MAX_LOGGED_DELIVERIES}::int
    )
    insert into webhook_deliveries (subscription_id, number, workspace_id, log, message_id, after_position,
      position, changes, status, error, latency_ms, attempted_at)
    select ${subscriptionId}::uuid, n.number, ${workspaceId}, ${log}, ${messageId}, ${after}::bigint,
      ${position}::bigint, ${changes}::int, ${status}::int, ${error}, ${latencyMs}::int, now()
    from numbered n`;
}

/** The latest attempts of a subscription, newest first. */
export async function listDeliveries(
  database: Database,
  scope: Scope,
  webhookId: string,
  { limit = DEFAULT_LIMIT }: { limit?: number } = {},
): Promise<Delivery[]> {
  const take = parseInput(limitSchema, limit, 'limit');
  const { id } = await requireWebhook(database, scope, webhookId);
  const rows = await database.webhookDelivery.findMany({
    where: { subscriptionId: id },
    orderBy: { number: 'desc' },
    take,
  });
  return rows.map(({ number, afterPosition, position, attemptedAt, subscriptionId: _id, ...row }) => ({
    ...row,
    log: row.log as DeliveryLogName,
    number: Number(number),
    after: afterPosition === null ? null : Number(afterPosition),
    position: position === null ? null : Number(position),
    attemptedAt: attemptedAt.toISOString(),
  }));
}
