import type { Database, Transaction } from '../../prisma/client.ts';
import { CHANGES_CHANNEL } from '../change-log/changes-channel.ts';

/**
 * Wakes the deliveries of a subscription as the commit of a change does, for instance when it is resumed. One
 * workspace is named, even if it is for all: its workflow delivers what is left of every one.
 */
export async function wakeDeliveries(
  database: Database | Transaction,
  subscriptionId: string,
): Promise<void> {
  await database.$executeRaw`
    select pg_notify(${CHANGES_CHANNEL}, p.workspace_id)
    from webhook_subscriptions s
    cross join lateral (
      select p.workspace_id from calendar_change_positions p
      left join webhook_cursors c on c.subscription_id = s.id and c.workspace_id = p.workspace_id
      where (s.workspace_id is null or p.workspace_id = s.workspace_id)
        and p.last_position > coalesce(c.position, 0)
      limit 1
    ) p
    where s.id = ${subscriptionId}::uuid and s.status = 'active'`;
}
