import type { Database } from '../../prisma/client.ts';

/** Changes handled by one transaction. Writers of the same log wait for it. */
const CHANGES_PER_STEP = 5_000;
const WORKSPACES_PER_LOOK = 200;
const LONGEST_STEP_MS = 60_000;

/** IDs of workspaces with changes older than `before` that have not been compacted. */
async function workspacesToCompact(database: Database, before: Date): Promise<string[]> {
  const rows = await database.$queryRaw<{ workspaceId: string }[]>`
    select p.workspace_id as "workspaceId" from calendar_change_positions p
    cross join lateral (
      select c.changed_at from calendar_changes c
      where c.workspace_id = p.workspace_id and c.position > p.compacted_through
      order by c.position limit 1
    ) oldest
    where oldest.changed_at < ${before}
    limit ${WORKSPACES_PER_LOOK}::int`;
  return rows.map(({ workspaceId }) => workspaceId);
}

/** Compacts the next changes of one log, oldest first. Returns the number of deleted rows. */
async function compactStep(database: Database, workspaceId: string, before: Date): Promise<number> {
  return database.$transaction(
    async (transaction) => {
      const [log] = await transaction.$queryRaw<{ compactedThrough: bigint }[]>`
        select compacted_through as "compactedThrough" from calendar_change_positions
        where workspace_id = ${workspaceId} for update`;
      if (log === undefined) return 0;
      const [step] = await transaction.$queryRaw<{ removed: number }[]>`
        with step as materialized (
          select position, calendar_id, google_event_id, operation, changed_at from calendar_changes
          where workspace_id = ${workspaceId} and position > ${log.compactedThrough}::bigint
          order by position limit ${CHANGES_PER_STEP}::int
        ), reached as (
          select coalesce(min(position) filter (where changed_at >= ${before}) - 1, max(position)) as position from step
        ), latest as (
          select distinct on (s.calendar_id, s.google_event_id) s.calendar_id, s.google_event_id, s.position, s.operation
          from step s join reached r on s.position <= r.position
          order by s.calendar_id, s.google_event_id, s.position desc
        ), removed as (
          delete from calendar_changes c using latest l
          where c.calendar_id = l.calendar_id and c.google_event_id = l.google_event_id
            and c.workspace_id = ${workspaceId} and c.position > 0
            and (c.position < l.position or c.position = l.position and l.operation = 'delete')
          returning c.position
        )
        update calendar_change_positions p set compacted_through = r.position,
          compacted_until = greatest(p.compacted_until, (select max(s.changed_at) from step s where s.position <= r.position))
        from reached r where p.workspace_id = ${workspaceId} and r.position > p.compacted_through
        returning (select count(*)::int from removed) as removed`;
      return step?.removed ?? 0;
    },
    { timeout: LONGEST_STEP_MS },
  );
}

/**
 * Compacts every log up to `before`: of each event only the last change stays, and none if that is a
 * deletion. Read from 0, the log still yields the mirror, and it stays as small as the mirror plus recent
 * changes. A reader with an older position gets `CursorExpiredError`.
 * @returns number of deleted rows
 */
export async function compactChanges(database: Database, before: Date, signal: AbortSignal): Promise<number> {
  let removed = 0;
  for (;;) {
    const workspaceIds = await workspacesToCompact(database, before);
    if (workspaceIds.length === 0) return removed;
    for (const workspaceId of workspaceIds) {
      signal.throwIfAborted();
      removed += await compactStep(database, workspaceId, before);
    }
  }
}
