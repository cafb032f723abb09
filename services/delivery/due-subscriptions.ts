import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { type DeliveryLog, LOGS, wants } from './logs.ts';

const AT_A_TIME = 500;

/** A subscription that has something to deliver. */
export interface DueSubscription {
  id: string;
  workspaceId: string | null;
}

/**
 * The next active subscriptions that are behind a log and may be attempted now, by ID.
 * @param workspaceIds whose logs have grown; null: look at all
 */
export async function dueSubscriptions(
  database: Database,
  workspaceIds: readonly string[] | null,
  after: string | null = null,
): Promise<{ due: DueSubscription[]; next: string | null }> {
  const due = await database.$queryRaw<DueSubscription[]>`
    select s.id::text, s.workspace_id as "workspaceId" from webhook_subscriptions s
    where s.status = 'active' and (s.retry_at is null or s.retry_at <= now())
      and (s.workspace_id is null or ${ofThese(Prisma.sql`s.workspace_id`, workspaceIds)})
      and (${after}::uuid is null or s.id > ${after}::uuid)
      and (${Prisma.join(
        Object.values(LOGS).map((log) => isBehind(log, workspaceIds)),
        ' or ',
      )})
    order by s.id limit ${AT_A_TIME}::int`;
  return { due, next: due.length < AT_A_TIME ? null : (due.at(-1)?.id ?? null) };
}

const ofThese = (column: Prisma.Sql, workspaceIds: readonly string[] | null) =>
  workspaceIds === null ? Prisma.sql`true` : Prisma.sql`${column} = any(${workspaceIds}::text[])`;

/**
 * Whether a subscription `s` asks for a log and is behind it. Two ways, so that a subscription of one workspace
 * costs look-ups by key, however many workspaces there are.
 */
function isBehind(log: DeliveryLog, workspaceIds: readonly string[] | null): Prisma.Sql {
  const { positions, cursors } = log;
  return Prisma.sql`
    ${wants(log)} and case when s.workspace_id is not null then
      (select p.last_position from ${positions} p where p.workspace_id = s.workspace_id)
      > coalesce((
        select c.position from ${cursors} c
        where c.subscription_id = s.id and c.workspace_id = s.workspace_id), 0)
    else exists (
      select from ${positions} p
      left join ${cursors} c on c.subscription_id = s.id and c.workspace_id = p.workspace_id
      where ${ofThese(Prisma.sql`p.workspace_id`, workspaceIds)} and p.last_position > coalesce(c.position, 0)) end`;
}
