import { horizonAt } from '../support/horizon-at.ts';
import { createApiKey } from '../../services/keys/api-keys.ts';
import type { Database } from '../../prisma/client.ts';

/** Zones of the workspaces in turn. */
const ZONES = ['Europe/Berlin', 'America/New_York', 'Europe/London', 'Asia/Kolkata'];
const CALENDARS = 3;
const BLOCKS_PER_WORKSPACE = 40;

export interface SeededTeam {
  workspaceIds: string[];
  /** Of an admin: it asks across workspaces. */
  key: string;
}

/**
 * Workspaces with three calendars. Their occurrences lie on weekdays between 7 and 18 o'clock of UTC, and last 30, 60
 * or 90 minutes. One in ten is free, one in forty all-day. Each has blocks of a plan, with their events.
 */
export async function seedTeam(
  database: Database,
  workspaces: number,
  occurrences: number,
): Promise<SeededTeam> {
  const ids = Array.from({ length: workspaces }, (_, index) => `team-${index}`);
  for (const [index, id] of ids.entries()) {
    await database.workspace.create({ data: { id, timeZone: ZONES[index % ZONES.length]! } });
    await seedCalendars(database, id);
    await seedOccurrences(database, id, occurrences);
    await seedBlocks(database, id);
  }
  // What autovacuum would do minutes later.
  for (const table of ['workspace_calendar_events', 'scheduled_blocks', 'calendars', 'calendar_sync_states'])
    await database.$executeRawUnsafe(`vacuum analyze ${table}`);
  const { key } = await createApiKey({ database, now: () => new Date() }, { name: 'bench' });
  return { workspaceIds: ids, key };
}

async function seedCalendars(database: Database, workspaceId: string): Promise<void> {
  const { from, to } = horizonAt(new Date());
  await database.$executeRaw`
    with account as (
      insert into calendar_auth_tokens (workspace_id, email, key_id, refresh_token, calendar_list_synced_at, updated_at)
      values (${workspaceId}, ${workspaceId} || '@example.com', 'key', '', now(), now()) returning id
    ), made as (
      insert into calendars (workspace_id, account_id, google_calendar_id, summary, time_zone, access_role, updated_at)
      select ${workspaceId}, id, ${workspaceId} || i || '@example.com', '', 'UTC', 'owner', now()
      from account, generate_series(1, ${CALENDARS}::int) i returning id
    )
    insert into calendar_sync_states (calendar_id, workspace_id, proven_at, horizon_from, horizon_to)
    select id, ${workspaceId}, now(), ${from}::timestamptz, ${to}::timestamptz from made`;
}

async function seedOccurrences(database: Database, workspaceId: string, count: number): Promise<void> {
  const { from, to } = horizonAt(new Date());
  await database.$executeRaw`
    with calendar as (
      select array_agg(id order by id) as ids from calendars where workspace_id = ${workspaceId}
    ), day as (
      select day, row_number() over (order by day) as number, count(*) over () as days
      from generate_series(${from}::timestamptz, ${to}::timestamptz, interval '1 day') day
      where extract(isodow from day) < 6
    ), made as (
      select i, day.day + interval '7 hours' + make_interval(mins => 30 * (hashint4(i * 7919 + hashtext(${workspaceId})) & 1023) % 660) as at,
        i % 40 = 0 as all_day
      from generate_series(1, ${count}::int) i
      join day on day.number = 1 + i::bigint * day.days / (${count}::int + 1)
    )
    insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title, status,
      traits, busy, event_type, all_day, start_at, end_at, start_date, end_date)
    select gen_random_uuid(), ${workspaceId}, ids[1 + i % ${CALENDARS}::int], 'event' || i, 'event' || i, 'Meeting ' || i,
      'confirmed', '{}', i % 10 <> 0 and not all_day, 'default', all_day, case when not all_day then at end,
      case when not all_day then at + make_interval(mins => 30 * (1 + i % 3)) end,
      case when all_day then at::date end, case when all_day then at::date + 1 end
    from made, calendar`;
}

/** Blocks of the next weeks, mirrored as what they are in Google. */
async function seedBlocks(database: Database, workspaceId: string): Promise<void> {
  await database.$executeRaw`
    with task as (
      insert into tasks (id, workspace_id, title, duration_minutes, updated_at)
      values (gen_random_uuid(), ${workspaceId}, 'Task', 60, now()) returning id
    ), calendar as (
      select id from calendars where workspace_id = ${workspaceId} order by id limit 1
    ), block as (
      insert into scheduled_blocks (workspace_id, kind, task_id, start_at, end_at, status, calendar_id, google_event_id, updated_at)
      select ${workspaceId}, 'task', task.id, at, at + interval '1 hour', 'written', calendar.id, 'block' || i, now()
      from task, calendar, generate_series(1, ${BLOCKS_PER_WORKSPACE}::int) i,
        lateral (select date_trunc('day', now()) + make_interval(days => i, hours => 12) as at) as start
      returning calendar_id, google_event_id, start_at, end_at
    )
    insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title, status,
      traits, busy, event_type, all_day, start_at, end_at)
    select gen_random_uuid(), ${workspaceId}, calendar_id, google_event_id, google_event_id, 'Task', 'confirmed', '{}', true,
      'default', false, start_at, end_at from block`;
}
