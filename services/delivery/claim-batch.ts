import { randomUUID } from 'node:crypto';
import type { DeliveryLogName } from '../../contracts/delivery.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { FIRST_GENERATION } from '../change-log/restores.ts';
import { CursorExpiredError } from '../errors.ts';
import type { ChangeCursor } from '../reading/change-cursor.ts';
import type { Filter } from './batch.ts';
import { type DeliveryLog, LOGS, logsOf } from './logs.ts';
import { readBatch } from './read-batch.ts';
import type { SealedSecrets } from './signing-secret.ts';
import type { Range } from './write-message.ts';

/** An active subscription, locked. */
interface Subscription extends SealedSecrets, Filter {
  workspaceId: string | null;
  url: string;
  failures: number;
  /** Time until the next attempt may be made; zero or less: now. */
  waitMs: number;
  /** Postgres's clock. */
  now: Date;
}

/** How far a subscription has come in a log of one workspace. */
interface Cursor {
  log: DeliveryLogName;
  workspaceId: string;
  position: number;
  compactedThrough: number | null;
  deliveredThrough: number;
  generation: number;
  batchId: string | null;
  batchThrough: number | null;
  lastPosition: number;
}

/** A delivery that is to be attempted now. Only the holder of its claim may record the outcome. */
export interface ClaimedBatch {
  claim: string;
  batchId: string;
  subscription: Subscription;
  log: DeliveryLog;
  range: Range;
  cursor: ChangeCursor;
  /** Whether nothing was left to deliver behind it. What has been committed since has woken the deliveries. */
  isLast: boolean;
}

type Claimed =
  | { outcome: 'claimed'; batch: ClaimedBatch }
  | { outcome: 'passed' | 'idle' | 'behind' }
  | { outcome: 'wait'; waitMs: number };

/**
 * Claims the next delivery of a subscription. Its ID and its range are stored before it is posted, so that every
 * attempt repeats both. Changes that the filter leaves out are passed without a delivery.
 */
export async function claimBatch(database: Database, subscriptionId: string): Promise<Claimed> {
  return database.$transaction(async (transaction) => {
    const subscription = await lockSubscription(transaction, subscriptionId);
    if (subscription === undefined) return { outcome: 'idle' };
    if (subscription.waitMs > 0) return { outcome: 'wait', waitMs: Math.ceil(subscription.waitMs) };
    const [cursor, another] = await nextCursors(transaction, subscription);
    if (cursor === undefined) return { outcome: 'idle' };
    const { workspaceId, position, compactedThrough } = cursor;
    const log = LOGS[cursor.log];
    const read = await readBatch(
      transaction,
      log,
      {
        workspaceId,
        cursor: { position, ...(compactedThrough !== null && { compactedThrough }) },
        through: cursor.batchThrough,
      },
      subscription,
    ).catch((error: unknown) => {
      if (error instanceof CursorExpiredError) return null;
      throw error;
    });
    if (read === null) return { outcome: 'behind' };
    if (read.changes.length === 0) {
      await pass(transaction, log, subscriptionId, workspaceId, read.cursor);
      return { outcome: 'passed' };
    }
    const claim = randomUUID();
    const batchId = cursor.batchId ?? randomUUID();
    await hold(transaction, log, cursor, { subscriptionId, claim, batchId, through: read.cursor.position });
    const range = {
      subscriptionId,
      workspaceId,
      generation: cursor.generation,
      after: cursor.deliveredThrough,
      position: read.cursor.position,
      changes: read.changes,
    };
    const isLast = another === undefined && read.cursor.position >= cursor.lastPosition;
    const batch = { claim, batchId, subscription, log, range, cursor: read.cursor, isLast };
    return { outcome: 'claimed', batch };
  });
}

async function lockSubscription(transaction: Transaction, id: string): Promise<Subscription | undefined> {
  const [row] = await transaction.$queryRaw<Subscription[]>`
    select id::text, workspace_id as "workspaceId", url, types, calendar_ids::text[] as "calendarIds",
      occurrence_days::int as "occurrenceDays", payload,
      key_id as "keyId", secret, case when previous_secret_until > now() then previous_secret end as "previousSecret",
      failures, coalesce(extract(epoch from retry_at - now())::float8 * 1000, 0) as "waitMs", now() as now
    from webhook_subscriptions where id = ${id}::uuid and status = 'active' for update`;
  return row;
}

/**
 * The log of a workspace whose delivery is to be repeated, or else the one that has waited longest; and one that
 * comes after it.
 */
async function nextCursors(
  transaction: Transaction,
  { id, workspaceId, types }: Subscription,
): Promise<Cursor[]> {
  const behind = logsOf(types).map(
    ({ name, positions, cursors }) => Prisma.sql`
      select ${name}::text as log, p.workspace_id as "workspaceId", coalesce(c.position, 0)::float8 as position,
        -- Without a cursor it begins with what is kept.
        case when c.workspace_id is null then p.compacted_through else c.compacted_through end::float8
          as "compactedThrough",
        coalesce(c.delivered_through, 0)::float8 as "deliveredThrough", coalesce(c.generation, ${FIRST_GENERATION}) as generation,
        c.batch_id::text as "batchId", c.batch_through::float8 as "batchThrough",
        p.last_position::float8 as "lastPosition", c.served_at
      from ${positions} p
      left join ${cursors} c on c.subscription_id = ${id}::uuid and c.workspace_id = p.workspace_id
      where ${workspaceId === null ? Prisma.sql`true` : Prisma.sql`p.workspace_id = ${workspaceId}`}
        and p.last_position > coalesce(c.position, 0)`,
  );
  if (behind.length === 0) return [];
  return transaction.$queryRaw<Cursor[]>`
    select * from (${Prisma.join(behind, ' union all ')}) behind
    order by "batchId" is null, served_at nulls first, "workspaceId", log limit 2`;
}

async function pass(
  transaction: Transaction,
  { cursors }: DeliveryLog,
  subscriptionId: string,
  workspaceId: string,
  { position, compactedThrough }: ChangeCursor,
): Promise<void> {
  await transaction.$executeRaw`
    insert into ${cursors} (subscription_id, workspace_id, position, compacted_through, served_at, generation)
    values (${subscriptionId}::uuid, ${workspaceId}, ${position}::bigint, ${compactedThrough ?? null}::bigint, now(),
      ${FIRST_GENERATION})
    on conflict (subscription_id, workspace_id) do update set position = excluded.position,
      compacted_through = excluded.compacted_through, served_at = excluded.served_at`;
}

async function hold(
  transaction: Transaction,
  { cursors }: DeliveryLog,
  { workspaceId, compactedThrough }: Cursor,
  held: { subscriptionId: string; claim: string; batchId: string; through: number },
): Promise<void> {
  const { subscriptionId, claim, batchId, through } = held;
  await transaction.$executeRaw`
    insert into ${cursors} (subscription_id, workspace_id, compacted_through, batch_id, batch_through, generation)
    values (${subscriptionId}::uuid, ${workspaceId}, ${compactedThrough}::bigint, ${batchId}::uuid, ${through}::bigint,
      ${FIRST_GENERATION})
    on conflict (subscription_id, workspace_id) do update set batch_id = excluded.batch_id,
      batch_through = excluded.batch_through`;
  await transaction.$executeRaw`
    update webhook_subscriptions set claim = ${claim}::uuid where id = ${subscriptionId}::uuid`;
}
