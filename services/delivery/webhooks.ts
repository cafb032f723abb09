import { randomUUID } from 'node:crypto';
import type { z } from 'zod';
import type { WebhookPauseReason, WebhookPayload } from '../../contracts/delivery.ts';
import { Quota } from '../../contracts/quotas.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import type { WebhookSubscription } from '../../prisma/generated/client.ts';
import { requireCalendars } from '../calendars.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { createSigningSecret } from '../notifier/standard-webhooks.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
import { requireWorkspace } from '../workspaces.ts';
import { beginLog } from './begin-log.ts';
import type { DeliveryContext, Scope } from './context.ts';
import { requirePosition } from './log-position.ts';
import { LOGS, logsOf } from './logs.ts';
import { requireAllowed } from './receiver-url.ts';
import {
  type createdWebhookSchema,
  newWebhook,
  type Webhook,
  webhookChanges,
  webhookIdSchema,
} from './subscription-input.ts';
import { wakeDeliveries } from './wake.ts';

/** Advisory lock under which subscriptions for all workspaces are counted; unused elsewhere. */
const COUNT_LOCK = 7_203_383;

const instantOf = (at: Date | null) => at?.toISOString() ?? null;

export function toWebhook(row: WebhookSubscription): Webhook {
  return {
    id: row.id,
    workspaceId: row.workspaceId,
    url: row.url,
    types: row.types,
    calendarIds: row.calendarIds,
    occurrenceDays: row.occurrenceDays,
    payload: row.payload as WebhookPayload,
    status: row.status as Webhook['status'],
    pauseReason: row.pauseReason as WebhookPauseReason | null,
    failures: row.failures,
    failingSince: instantOf(row.failingSince),
    retryAt: instantOf(row.retryAt),
    lastError: row.lastError,
    lastDeliveredAt: instantOf(row.lastDeliveredAt),
    previousSecretUntil: instantOf(row.previousSecretUntil),
    createdAt: row.createdAt.toISOString(),
  };
}

/**
 * Subscribes a receiver to the changes of a workspace, or of all.
 * @param workspaceId null: every workspace, also those that are created later
 * @throws InvalidInputError when the URL leads into a private network
 * @throws NotFoundError when there is no such workspace or calendar
 */
export async function createWebhook(
  { database, tokenCipher, guard }: DeliveryContext,
  workspaceId: string | null,
  input: z.input<typeof newWebhook>,
): Promise<z.infer<typeof createdWebhookSchema>> {
  const { from, ...data } = parseInput(newWebhook, input);
  if (workspaceId === null) {
    if (data.calendarIds.length > 0)
      throw new InvalidInputError('calendarIds', 'must be empty for all workspaces');
    if (from !== undefined && from > 0) throw new InvalidInputError('from', 'must be 0 for all workspaces');
  }
  await requireAllowed(data.url, guard);
  const [id, secret] = [randomUUID(), createSigningSecret()];
  const { keyId, bytes } = tokenCipher.seal(secret, id);
  const row = { ...data, id, workspaceId, keyId, secret: bytes };

  const add = async (transaction: Transaction) => {
    const created = await transaction.webhookSubscription.create({ data: row });
    for (const log of logsOf(created.types)) {
      // A position is one of the change log.
      const isAnywhere = log === LOGS.events || from === 0;
      await beginLog(transaction, created, log, isAnywhere ? from : undefined);
    }
    await wakeDeliveries(transaction, id);
    return { ...toWebhook(created), secret };
  };
  if (workspaceId === null)
    return database.$transaction(async (transaction) => {
      await transaction.$queryRaw`select 1 from pg_advisory_xact_lock(${COUNT_LOCK}::bigint)`;
      const count = await transaction.webhookSubscription.count({ where: { workspaceId: null } });
      requireRoom('webhooks for all workspaces', Quota.webhooksForAll, { count });
      return add(transaction);
    });
  return lockWorkspace(database, workspaceId, async (transaction) => {
    await requireCalendars(transaction, workspaceId, data.calendarIds);
    const count = await transaction.webhookSubscription.count({ where: { workspaceId } });
    requireRoom('webhooks of a workspace', Quota.webhooks, { count });
    if (from !== undefined) await requirePosition(transaction, LOGS.events, workspaceId, from);
    return add(transaction);
  });
}

/** Most of them that are shown at a time. */
export const MOST_FAILING_SHOWN = 100;

/** Webhooks of any workspace that are retried, or paused for another reason than a request; longest first. */
export async function listFailingWebhooks(database: Database): Promise<Webhook[]> {
  const rows = await database.webhookSubscription.findMany({
    where: { OR: [{ failures: { gt: 0 } }, { pauseReason: { not: 'requested' } }] },
    orderBy: [{ failingSince: { sort: 'asc', nulls: 'last' } }, { id: 'asc' }],
    take: MOST_FAILING_SHOWN,
  });
  return rows.map(toWebhook);
}

/** The subscriptions of a workspace, those for all (null), or every one (undefined), oldest first. */
export async function listWebhooks(database: Database, scope: Scope): Promise<Webhook[]> {
  if (typeof scope === 'string') await requireWorkspace(database, scope);
  const rows = await database.webhookSubscription.findMany({
    where: { workspaceId: scope },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return rows.map(toWebhook);
}

/** @throws NotFoundError when there is no such subscription in the scope */
export async function requireWebhook(
  database: Database | Transaction,
  scope: Scope,
  webhookId: string,
): Promise<WebhookSubscription> {
  const id = parseInput(webhookIdSchema, webhookId, 'webhook');
  if (typeof scope === 'string') await requireWorkspace(database, scope);
  const row = await database.webhookSubscription.findFirst({ where: { id, workspaceId: scope } });
  if (row !== null) return row;
  throw new NotFoundError(`There is no webhook ${id}.`, {
    remedy: {
      action: RemedyAction.listWebhooks,
      ...(typeof scope === 'string' && { workspaceId: scope }),
    },
  });
}

/** @throws NotFoundError when there is no such subscription in the scope */
export async function findWebhook(database: Database, scope: Scope, webhookId: string): Promise<Webhook> {
  return toWebhook(await requireWebhook(database, scope, webhookId));
}

/**
 * Changes what is delivered, or where. A failing subscription is tried again at once. A delivery whose outcome
 * is not known is made anew, under another ID.
 */
export async function changeWebhook(
  { database, guard }: DeliveryContext,
  scope: Scope,
  webhookId: string,
  input: z.input<typeof webhookChanges>,
): Promise<Webhook> {
  const changes = parseInput(webhookChanges, input);
  if (changes.url !== undefined) await requireAllowed(changes.url, guard);
  return database.$transaction(async (transaction) => {
    const { id, workspaceId, types } = await requireWebhook(transaction, scope, webhookId);
    if (changes.calendarIds !== undefined && changes.calendarIds.length > 0) {
      if (workspaceId === null)
        throw new InvalidInputError('calendarIds', 'must be empty for all workspaces');
      await requireCalendars(transaction, workspaceId, changes.calendarIds);
    }
    const row = await transaction.webhookSubscription.update({
      where: { id },
      data: { ...changes, retryAt: null, claim: null },
    });
    for (const log of logsOf(row.types)) {
      if (!logsOf(types).includes(log)) await beginLog(transaction, row, log);
      await transaction.$executeRaw`
        update ${log.cursors} set batch_id = null, batch_through = null
        where subscription_id = ${id}::uuid and batch_id is not null`;
    }
    await wakeDeliveries(transaction, id);
    return toWebhook(row);
  });
}

/** Deletes a subscription with its log. Nothing is delivered afterwards. */
export async function deleteWebhook(
  database: Database,
  scope: Scope,
  webhookId: string,
): Promise<{ id: string }> {
  const { id } = await requireWebhook(database, scope, webhookId);
  await database.webhookSubscription.deleteMany({ where: { id } });
  return { id };
}
