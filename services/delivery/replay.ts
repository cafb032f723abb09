import { z } from 'zod';
import { DELIVERY_LOG_NAMES } from '../../contracts/delivery.ts';
import type { Database } from '../../prisma/client.ts';
import { FIRST_GENERATION } from '../change-log/restores.ts';
import { InvalidInputError } from '../errors.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';
import type { Scope } from './context.ts';
import { requirePosition } from './log-position.ts';
import { LOGS } from './logs.ts';
import { positionSchema, type Webhook } from './subscription-input.ts';
import { wakeDeliveries } from './wake.ts';
import { requireWebhook, toWebhook } from './webhooks.ts';

export const webhookReplay = z.strictObject({
  from: positionSchema.describe('Deliver again what follows this position; 0: everything'),
  workspaceId: workspaceIdSchema
    .optional()
    .describe('Workspace to replay, required if the webhook is for all of them'),
  log: z
    .enum(DELIVERY_LOG_NAMES, { error: `must be one of ${DELIVERY_LOG_NAMES.join(', ')}` })
    .default('events')
    .describe('Log to replay. `events`: the change log; `workspace`: changes of the workspace itself'),
});

/**
 * Delivers the changes of a workspace's log once more from a position on, in a new generation, so that the receiver can
 * tell them from repetitions. A subscription that is `behind` is resumed by it.
 * @throws InvalidInputError when the log has no such position any more
 */
export async function replayWebhook(
  database: Database,
  scope: Scope,
  webhookId: string,
  input: z.input<typeof webhookReplay>,
): Promise<Webhook> {
  const { from, workspaceId: named, log: name } = parseInput(webhookReplay, input);
  const log = LOGS[name];
  return database.$transaction(async (transaction) => {
    const webhook = await requireWebhook(transaction, scope, webhookId);
    const { id } = webhook;
    if (webhook.workspaceId !== null && named !== undefined && named !== webhook.workspaceId)
      throw new InvalidInputError('workspaceId', `must be ${webhook.workspaceId}, or absent`);
    const workspaceId = webhook.workspaceId ?? named;
    if (workspaceId === undefined)
      throw new InvalidInputError('workspaceId', 'must be given, because the webhook is for all workspaces');
    await requireWorkspace(transaction, workspaceId);
    // As in the subscription's deliveries: first its row, then its cursor.
    await transaction.$queryRaw`select from webhook_subscriptions where id = ${id}::uuid for update`;
    await requirePosition(transaction, log, workspaceId, from);
    await transaction.$executeRaw`
      insert into ${log.cursors} as c (subscription_id, workspace_id, position, compacted_through, delivered_through,
        generation)
      values (${id}::uuid, ${workspaceId}, ${from}::bigint, case when ${from === 0}::boolean then (
        select p.compacted_through from ${log.positions} p where p.workspace_id = ${workspaceId}) end, ${from}::bigint,
        ${FIRST_GENERATION} + 1)
      on conflict (subscription_id, workspace_id) do update set position = excluded.position,
        compacted_through = excluded.compacted_through, delivered_through = excluded.delivered_through, generation = c.generation + 1,
        batch_id = null, batch_through = null`;
    await transaction.$executeRaw`
      update webhook_subscriptions set claim = null, retry_at = null,
        status = case when pause_reason = 'behind' then 'active' else status end,
        pause_reason = nullif(pause_reason, 'behind')
      where id = ${id}::uuid`;
    await wakeDeliveries(transaction, id);
    return toWebhook(await requireWebhook(transaction, scope, id));
  });
}
