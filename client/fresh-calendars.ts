import type { SyncMode } from '../contracts/sync-modes.ts';
import type { Database } from '../prisma/client.ts';

/** Seconds after a sync within which repeating it gets a lower priority. */
const FRESH_FOR: Record<SyncMode, number> = { incremental: 5, full: 600 };

/**
 * Whether all of the calendars have just been synced, in full if `mode` is full. Uses the database's clock.
 */
export async function isFresh(
  database: Database,
  {
    workspaceId,
    mode,
    calendarIds = [],
  }: { workspaceId: string; mode: SyncMode; calendarIds?: readonly string[] | undefined },
): Promise<boolean> {
  const [row] = await database.$queryRaw<{ fresh: boolean | null }[]>`
    select bool_and(coalesce(
      case when ${mode} = 'full' then last_full_sync_at else last_synced_at end
        > now() - make_interval(secs => ${FRESH_FOR[mode]}::int), false)) as fresh
    from calendar_sync_states
    where workspace_id = ${workspaceId} and next_sync_at is not null
      and (cardinality(${calendarIds}::uuid[]) = 0 or calendar_id = any(${calendarIds}::uuid[]))`;
  return row?.fresh === true;
}
