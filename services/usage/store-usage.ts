import type { Database } from '../../prisma/client.ts';
import { GOOGLE_DAY, startOfGoogleDay } from '../google/google-day.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** Days that are counted, today included: a day has ended before it is last counted, also if a run fails. */
const DAYS_COUNTED = 3;
/** Bounds a statement, which reads each workspace's runs of these days by an index. */
const WORKSPACES_PER_STATEMENT = 200;

/**
 * Stores the usage of the present day and the two before, for all workspaces. Idempotent: counts of a day only
 * grow, so the greater one is right, and what retention has deleted meanwhile stays counted. Calendars and
 * events are those at the last time on their day.
 */
export async function storeUsage(database: Database, signal: AbortSignal): Promise<void> {
  for (let after = ''; ;) {
    signal.throwIfAborted();
    const workspaces = await database.workspace.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: WORKSPACES_PER_STATEMENT,
      select: { id: true },
    });
    const last = workspaces.at(-1);
    if (last === undefined) return;
    await storePage(
      database,
      workspaces.map(({ id }) => id),
    );
    after = last.id;
  }
}

async function storePage(database: Database, ids: readonly string[]): Promise<void> {
  const from = startOfGoogleDay(Prisma.sql`d.day`);
  const to = startOfGoogleDay(Prisma.sql`d.day + 1`);
  await database.$executeRaw`
    with days as (
      select (${GOOGLE_DAY} - n) as day, n = 0 as is_today from generate_series(0, ${DAYS_COUNTED - 1}::int) n
    ), held as (
      select c.workspace_id, count(distinct c.id)::int as calendars, count(e.calendar_id)::int as events
      from calendars c left join calendar_events e on e.calendar_id = c.id
      where c.workspace_id = any(${[...ids]}::text[]) and c.enabled and c.status <> 'removed'
      group by c.workspace_id
    )
    insert into workspace_usage as u (day, workspace_id, calendars, events, syncs, changes, event_writes)
    select d.day, w.id, case when d.is_today then coalesce(h.calendars, 0) end,
      case when d.is_today then coalesce(h.events, 0) end, runs.syncs, runs.changes, writes.made
    from workspaces w
    cross join days d
    left join held h on h.workspace_id = w.id
    cross join lateral (
      select count(*)::int as syncs, coalesce(sum(l.upserted + l.deleted), 0)::int as changes
      from workspace_calendar_sync_log l
      where l.workspace_id = w.id and l.started_at >= ${from} and l.started_at < ${to}
    ) runs
    cross join lateral (
      select count(*)::int as made from event_writes e
      where e.workspace_id = w.id and e.status = 'done' and e.created_at >= ${from} and e.created_at < ${to}
    ) writes
    where w.id = any(${[...ids]}::text[]) and w.created_at < ${to}
    -- As meters lock them.
    order by w.id, d.day
    on conflict (day, workspace_id) do update
    set calendars = coalesce(excluded.calendars, u.calendars), events = coalesce(excluded.events, u.events),
      syncs = greatest(u.syncs, excluded.syncs), changes = greatest(u.changes, excluded.changes),
      event_writes = greatest(u.event_writes, excluded.event_writes)`;
}
