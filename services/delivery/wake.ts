import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { CHANGES_CHANNEL } from '../change-log/changes-channel.ts';
import { LOGS, wants } from './logs.ts';

/**
 * Wakes the deliveries of a subscription as the commit of a change does, for instance when it is resumed. One
 * workspace is named, even if it is for all: its workflow delivers what is left of every one.
 */
export async function wakeDeliveries(
  database: Database | Transaction,
  subscriptionId: string,
): Promise<void> {
  const behind = Object.values(LOGS).map(
    (log) => Prisma.sql`
      select p.workspace_id from ${log.positions} p
      left join ${log.cursors} c on c.subscription_id = s.id and c.workspace_id = p.workspace_id
      where ${wants(log)} and (s.workspace_id is null or p.workspace_id = s.workspace_id)
        and p.last_position > coalesce(c.position, 0)`,
  );
  await database.$executeRaw`
    select pg_notify(${CHANGES_CHANNEL}, p.workspace_id)
    from webhook_subscriptions s
    cross join lateral (${Prisma.join(behind, ' union all ')} limit 1) p
    where s.id = ${subscriptionId}::uuid and s.status = 'active'`;
}
