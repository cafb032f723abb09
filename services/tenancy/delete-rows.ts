import type { DeleteRowsResult } from '../../contracts/tenancy.ts';
import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { WORKSPACE_TABLES } from './workspace-tables.ts';

/** Bounds the locks and the transaction log of one statement. */
const ROWS_PER_SLICE = 5_000;
/** Some seconds of work, so that a worker that shuts down can finish it. */
const WORK_MS = 10_000;

/**
 * Deletes rows of a workspace that is being deleted, slice by slice, and then the workspace. Each slice is counted
 * in the receipt by the statement that deletes it, so an attempt that dies neither loses a number nor adds one
 * twice.
 */
export async function deleteRows(
  database: Database,
  workspaceId: string,
  signal: AbortSignal,
): Promise<DeleteRowsResult> {
  const endsAt = performance.now() + WORK_MS;
  let rows = 0;
  for (const [table, condition] of WORKSPACE_TABLES) {
    for (let deleted = ROWS_PER_SLICE; deleted === ROWS_PER_SLICE;) {
      signal.throwIfAborted();
      if (performance.now() > endsAt) return { outcome: 'more', rows };
      deleted = await deleteSlice(database, workspaceId, table, condition(workspaceId));
      rows += deleted;
    }
  }
  return { outcome: 'done', rows: rows + (await deleteWorkspaceRow(database, workspaceId)) };
}

async function deleteSlice(
  database: Database,
  workspaceId: string,
  table: string,
  condition: Prisma.Sql,
): Promise<number> {
  const name = Prisma.raw(table);
  const [slice] = await database.$queryRaw<{ deleted: number }[]>`
    with receipt as materialized (
      select id from workspace_receipts where workspace_id = ${workspaceId} and finished_at is null for update
    ), gone as (
      delete from ${name} where exists (select from receipt) and ctid = any(array(
        select ctid from ${name} where ${condition} limit ${ROWS_PER_SLICE}::int))
      returning 1
    ), counted as (
      select count(*)::int as deleted from gone
    )
    update workspace_receipts r
    set rows = r.rows || jsonb_build_object(${table}::text, coalesce((r.rows->>${table}::text)::bigint, 0) + counted.deleted)
    from receipt, counted where r.id = receipt.id
    returning counted.deleted`;
  return slice?.deleted ?? 0;
}

/** Takes along what a worker that was late has written since, and closes the receipt. */
async function deleteWorkspaceRow(database: Database, workspaceId: string): Promise<number> {
  return database.$transaction(async (transaction) => {
    const { count } = await transaction.workspace.deleteMany({
      where: { id: workspaceId, status: 'deleting' },
    });
    await transaction.$executeRaw`
      update workspace_receipts
      set finished_at = clock_timestamp(), rows = rows || jsonb_build_object('workspaces', ${count}::int)
      where workspace_id = ${workspaceId} and finished_at is null`;
    return count;
  });
}
