import { MAX_UNFINISHED_WRITES } from '../../contracts/limits.ts';
import type { BeginDeletionResult, DeleteWorkspaceInput } from '../../contracts/tenancy.ts';
import type { Database } from '../../prisma/client.ts';
import { WorkspaceNotFoundError } from '../errors.ts';

/**
 * Closes a workspace to callers and fan-outs, and opens the receipt of its deletion. Repeated, it goes on with the
 * receipt that is open.
 * @throws WorkspaceNotFoundError when there is no such workspace.
 */
export async function beginDeletion(
  database: Database,
  { workspaceId, ownCalendars = false, keyId }: DeleteWorkspaceInput,
): Promise<BeginDeletionResult> {
  return database.$transaction(async (transaction) => {
    const { count } = await transaction.workspace.updateMany({
      where: { id: workspaceId },
      data: { status: 'deleting' },
    });
    if (count === 0) throw new WorkspaceNotFoundError(workspaceId);
    // A second request may add the calendars; it cannot bring deleted ones back.
    await transaction.$executeRaw`
      insert into workspace_receipts as r (workspace_id, key_id, own_calendars, accounts)
      select ${workspaceId}, ${keyId ?? null}::text, ${ownCalendars}::boolean, coalesce(jsonb_object_agg(a.id, '{}'::jsonb), '{}')
      from calendar_auth_tokens a where a.workspace_id = ${workspaceId}
      on conflict (workspace_id) where finished_at is null
      do update set own_calendars = r.own_calendars or excluded.own_calendars`;
    const accounts = await transaction.calendarAuthToken.findMany({
      where: { workspaceId },
      select: { id: true },
      orderBy: { id: 'asc' },
    });
    const batches = await transaction.eventWrite.findMany({
      where: { workspaceId, status: { in: ['pending', 'sent'] } },
      distinct: ['batchId'],
      select: { batchId: true },
      take: MAX_UNFINISHED_WRITES,
    });
    return { accountIds: accounts.map(({ id }) => id), batchIds: batches.map(({ batchId }) => batchId) };
  });
}
