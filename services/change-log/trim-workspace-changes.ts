import type { Database } from '../../prisma/client.ts';

/** Changes that a workspace's own log holds at most; older ones go sooner. */
const MOST_CHANGES = 50_000;
/** Bounds the locks of one statement. */
const CHANGES_PER_STEP = 5_000;
const WORKSPACES_PER_LOOK = 200;

/**
 * Deletes changes of workspaces from before `before`, and those beyond the latest 50,000. A reader with an older
 * position gets `CursorExpiredError`.
 * @returns number of deleted rows
 */
export async function trimWorkspaceChanges(
  database: Database,
  before: Date,
  signal: AbortSignal,
): Promise<number> {
  let removed = 0;
  for (;;) {
    const workspaces = await database.$queryRaw<{ id: string }[]>`
      select p.workspace_id as id from workspace_change_positions p
      cross join lateral (
        select c.position, c.changed_at from workspace_changes c
        where c.workspace_id = p.workspace_id order by c.position limit 1
      ) oldest
      where oldest.changed_at < ${before} or oldest.position <= p.last_position - ${MOST_CHANGES}::int
      limit ${WORKSPACES_PER_LOOK}::int`;
    if (workspaces.length === 0) return removed;
    for (const { id } of workspaces) {
      signal.throwIfAborted();
      removed += await trim(database, id, before);
    }
  }
}

/** Deletes the next changes of one workspace. Its readers see both them and the new beginning, or neither. */
async function trim(database: Database, workspaceId: string, before: Date): Promise<number> {
  const [trimmed] = await database.$queryRaw<{ removed: number }[]>`
    with log as materialized (
      select last_position from workspace_change_positions where workspace_id = ${workspaceId} for update
    ), gone as (
      delete from workspace_changes c using (
        select o.position from log, workspace_changes o
        where o.workspace_id = ${workspaceId}
          and (o.changed_at < ${before} or o.position <= log.last_position - ${MOST_CHANGES}::int)
        order by o.position limit ${CHANGES_PER_STEP}::int
      ) old
      where c.workspace_id = ${workspaceId} and c.position = old.position
      returning c.position
    )
    update workspace_change_positions p
    set compacted_through = greatest(p.compacted_through, (select max(position) from gone))
    where p.workspace_id = ${workspaceId}
    returning (select count(*)::int from gone) as removed`;
  return trimmed?.removed ?? 0;
}
