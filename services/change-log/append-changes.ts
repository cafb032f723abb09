import type { Transaction } from '../../prisma/client.ts';
import { CHANGES_CHANNEL } from './changes-channel.ts';
import { FIRST_POSITION } from './restores.ts';

/** A transaction's change of one row of `calendar_events`. */
export interface AppliedChange {
  calendarId: string;
  googleEventId: string;
  operation: 'insert' | 'update' | 'delete';
}

/**
 * Net effect of the changes: where a transaction changed a row more than once, only the row before and the
 * row after count.
 */
function netChanges(changes: readonly AppliedChange[]): AppliedChange[] {
  const net = new Map<string, AppliedChange>();
  for (const change of changes) {
    const key = `${change.calendarId}/${change.googleEventId}`;
    const isNew = (net.get(key) ?? change).operation === 'insert';
    if (!isNew) net.set(key, change);
    else if (change.operation === 'delete') net.delete(key);
    else net.set(key, { ...change, operation: 'insert' });
  }
  return [...net.values()];
}

/**
 * Appends the transaction's changes of `calendar_events` to the change log, with the current rows.
 *
 * Call it as the transaction's last statement. From here to the commit it locks the workspace's position, so
 * that positions follow the order of commits: a reader never finds an earlier position later, and a rollback
 * leaves no gap. A lock taken after it could deadlock, and other calendars would wait for it.
 *
 * Listeners to `CHANGES_CHANNEL` learn of the workspace once, after the commit, when the changes are visible.
 */
export async function appendChanges(
  transaction: Transaction,
  { workspaceId, correlationId }: { workspaceId: string; correlationId: string | null },
  changes: readonly AppliedChange[],
): Promise<void> {
  const net = netChanges(changes);
  if (net.length === 0) return;
  await transaction.$executeRaw`
    with reserved as (
      insert into calendar_change_positions as p (workspace_id, last_position, compacted_through)
      values (${workspaceId}, ${FIRST_POSITION} + ${net.length}::bigint, ${FIRST_POSITION})
      on conflict (workspace_id) do update set last_position = p.last_position + ${net.length}::bigint
      returning last_position - ${net.length}::bigint as before, clock_timestamp() as at,
        -- Sent by the commit, once for each workspace, and dropped by a rollback.
        pg_notify(${CHANGES_CHANNEL}, workspace_id) as notified
    )
    insert into calendar_changes (workspace_id, position, calendar_id, google_event_id, operation,
      kind, status, etag, series_id, start_at, end_at, start_date, end_date, series_end, resource,
      correlation_id, changed_at)
    select ${workspaceId}, r.before + c.ordinality, c.calendar_id, c.google_event_id, c.operation,
      e.kind, e.status, e.etag, e.series_id, e.start_at, e.end_at, e.start_date, e.end_date, e.series_end, e.resource,
      ${correlationId}, r.at
    from reserved r
    cross join unnest(
      ${net.map(({ calendarId }) => calendarId)}::uuid[],
      ${net.map(({ googleEventId }) => googleEventId)}::text[],
      ${net.map(({ operation }) => operation)}::text[]
    ) with ordinality as c(calendar_id, google_event_id, operation, ordinality)
    -- "offset 0" makes the planner look up each row by its key; with a plain join it reads the whole table
    -- for a page.
    left join lateral (
      select * from calendar_events e
      where e.calendar_id = c.calendar_id and e.google_event_id = c.google_event_id
      offset 0
    ) e on c.operation <> 'delete'`;
}

/**
 * Deletes event content from the change log, for calendars that have just been purged. Their deletions have
 * been appended, so no reader needs the content.
 */
export async function forgetContent(transaction: Transaction, calendarIds: readonly string[]): Promise<void> {
  await transaction.$executeRaw`
    update calendar_changes
    set kind = null, status = null, etag = null, series_id = null, start_at = null, end_at = null,
      start_date = null, end_date = null, series_end = null, resource = null
    where calendar_id = any(${calendarIds}::uuid[]) and resource is not null`;
}
