import type { DeliverBatchResult, WebhookPauseReason } from '../../contracts/delivery.ts';
import { DeadLetterOperation } from '../../contracts/dead-letters.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { openDeadLetter } from '../dead-letters/open-dead-letter.ts';
import type { ClaimedBatch } from './claim-batch.ts';
import { logAttempt } from './delivery-log.ts';
import type { AttemptOutcome } from './post-delivery.ts';
import { askedDelay, delayAfter, LONGEST_FAILURE_MS } from './retry-delay.ts';

/** The run that makes the deliveries. */
export interface DeliveryRun {
  workflowId: string;
  runId: string;
}

const FAILURE_TYPES = {
  failed: FailureType.webhookFailed,
  gone: FailureType.webhookGone,
  behind: FailureType.webhookBehind,
} as const satisfies Partial<Record<WebhookPauseReason, FailureType>>;

async function logOutcome(
  transaction: Transaction,
  { log: { name }, range, batchId }: ClaimedBatch,
  { status, error, latencyMs }: AttemptOutcome,
): Promise<void> {
  const { subscriptionId, workspaceId, after, position, changes } = range;
  const messageId = messageIdOf(batchId);
  const attempt = { workspaceId, log: name, messageId, after, position, changes: changes.length };
  await logAttempt(transaction, subscriptionId, { ...attempt, status, error, latencyMs });
}

/** Header `webhook-id` of a delivery. */
export function messageIdOf(batchId: string): string {
  return `msg_${batchId.replaceAll('-', '')}`;
}

/**
 * Moves the cursor behind an accepted delivery. It stays where it is if the attempt has lost its claim: then
 * another one repeats the delivery under the same ID, or it was replayed.
 */
export async function recordAccepted(
  database: Database,
  batch: ClaimedBatch,
  outcome: AttemptOutcome,
): Promise<DeliverBatchResult> {
  const { claim, batchId, log, range, cursor, isLast } = batch;
  const { subscriptionId, workspaceId } = range;
  return database.$transaction(async (transaction) => {
    const holds = await transaction.$executeRaw`
      update webhook_subscriptions set claim = null, failures = 0, failing_since = null, retry_at = null,
        last_error = null, last_delivered_at = now()
      where id = ${subscriptionId}::uuid and claim = ${claim}::uuid`;
    if (holds > 0) {
      await transaction.$executeRaw`
        update ${log.cursors} set position = ${cursor.position}::bigint,
          compacted_through = ${cursor.compactedThrough ?? null}::bigint, delivered_through = ${cursor.position}::bigint,
          batch_id = null, batch_through = null, served_at = now()
        where subscription_id = ${subscriptionId}::uuid and workspace_id = ${workspaceId}
          and batch_id = ${batchId}::uuid`;
      await resolveDeadLetters(transaction, batch.subscription.workspaceId);
    }
    await logOutcome(transaction, batch, outcome);
    return { outcome: isLast && holds > 0 ? 'idle' : 'more' };
  });
}

/** Notes a failed attempt, and when the next one may be made; 410 and three days of failures pause. */
export async function recordFailed(
  database: Database,
  batch: ClaimedBatch,
  outcome: AttemptOutcome,
  run: DeliveryRun,
): Promise<DeliverBatchResult> {
  const { claim, range, subscription } = batch;
  const { failures, now } = subscription;
  const delayMs = delayAfter(failures + 1);
  return database.$transaction(async (transaction): Promise<DeliverBatchResult> => {
    const [failed] = await transaction.$queryRaw<{ isLasting: boolean; waitMs: number }[]>`
      update webhook_subscriptions set claim = null, failures = failures + 1,
        failing_since = coalesce(failing_since, now()), last_error = ${String(outcome.status ?? outcome.error)},
        -- The last attempt is made when the three days are over.
        retry_at = greatest(now() + ${askedDelay(outcome, now)}::float8 * interval '1 millisecond', least(
          now() + ${delayMs}::float8 * interval '1 millisecond',
          coalesce(failing_since, now()) + ${LONGEST_FAILURE_MS}::float8 * interval '1 millisecond'))
      where id = ${range.subscriptionId}::uuid and claim = ${claim}::uuid
      returning extract(epoch from retry_at - now())::float8 * 1000 as "waitMs",
        failing_since <= now() - ${LONGEST_FAILURE_MS}::float8 * interval '1 millisecond' as "isLasting"`;
    await logOutcome(transaction, batch, outcome);
    if (failed === undefined) return { outcome: 'more' };
    const reason = outcome.status === 410 ? 'gone' : failed.isLasting ? 'failed' : null;
    if (reason === null) return { outcome: 'wait', waitMs: Math.ceil(failed.waitMs) };
    await pauseFailing(transaction, range.subscriptionId, reason, run);
    return { outcome: 'idle' };
  });
}

/** Pauses a subscription that cannot be delivered, with a dead letter. */
export async function pauseFailing(
  transaction: Transaction,
  subscriptionId: string,
  reason: keyof typeof FAILURE_TYPES,
  { workflowId, runId }: DeliveryRun,
): Promise<void> {
  const [paused] = await transaction.$queryRaw<
    { workspaceId: string | null; now: Date; lastDeliveredAt: Date | null }[]
  >`
    update webhook_subscriptions set status = 'paused', pause_reason = ${reason}, retry_at = null, claim = null
    where id = ${subscriptionId}::uuid and status = 'active'
    returning workspace_id as "workspaceId", now() as now, last_delivered_at as "lastDeliveredAt"`;
  if (paused === undefined) return;
  await openDeadLetter(transaction, {
    workspaceId: paused.workspaceId,
    subject: { workspace: true },
    operation: DeadLetterOperation.delivery,
    failureType: FAILURE_TYPES[reason],
    workflowId,
    runId,
    correlationId: null,
    failedAt: paused.now,
    lastSuccessAt: paused.lastDeliveredAt,
  });
}

/** Resolves the dead letters of a workspace's deliveries, or of those for all, once none is paused for a failure. */
async function resolveDeadLetters(transaction: Transaction, workspaceId: string | null): Promise<void> {
  await transaction.$executeRaw`
    update dead_letters set status = 'resolved', closed_at = now()
    where status = 'open' and operation = ${DeadLetterOperation.delivery}
      and coalesce(workspace_id, '') = ${workspaceId ?? ''}
      and not exists (
        select from webhook_subscriptions s
        where s.workspace_id is not distinct from ${workspaceId}::text and s.status = 'paused'
          and s.pause_reason <> 'requested')`;
}
