import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { FIRST_GENERATION } from '../change-log/restores.ts';
import type { DeliveryLog } from './logs.ts';

interface Beginner {
  id: string;
  workspaceId: string | null;
}

/**
 * Sets the cursors of a subscription that begins to ask for a log. A workspace without one is delivered from its
 * beginning.
 * @param from position behind which it begins. Default: what changes from now on
 */
export async function beginLog(
  transaction: Transaction,
  { id, workspaceId }: Beginner,
  { positions, cursors }: DeliveryLog,
  from?: number,
): Promise<void> {
  if (from === 0) return;
  // One that has asked for the log before keeps what its last delivery covered.
  await transaction.$executeRaw`
    insert into ${cursors} (subscription_id, workspace_id, position, delivered_through, generation)
    select ${id}::uuid, workspace_id, coalesce(${from ?? null}::bigint, last_position),
      coalesce(${from ?? null}::bigint, last_position), ${FIRST_GENERATION}
    from ${positions} where ${ofScope(workspaceId)}
    on conflict (subscription_id, workspace_id) do update set position = excluded.position,
      compacted_through = null, batch_id = null, batch_through = null`;
}

const ofScope = (workspaceId: string | null) =>
  workspaceId === null ? Prisma.sql`true` : Prisma.sql`workspace_id = ${workspaceId}`;
