import { Prisma } from '../../prisma/generated/client.ts';

/** A table of an archive: which rows it has, in which order, and the columns that are left out. */
export interface ArchiveTable {
  name: string;
  of: (workspaceId: string) => Prisma.Sql;
  order: string;
  /** Secrets, and state that is of no use elsewhere. */
  omit: readonly string[];
}

const OWN = (workspaceId: string) => Prisma.sql`workspace_id = ${workspaceId}`;
const OF_CALENDARS = (workspaceId: string) =>
  Prisma.sql`calendar_id in (select id from calendars where workspace_id = ${workspaceId})`;
const OF_TASKS = (workspaceId: string) =>
  Prisma.sql`task_id in (select id from tasks where workspace_id = ${workspaceId})`;
const OF_HABITS = (workspaceId: string) =>
  Prisma.sql`habit_id in (select id from habits where workspace_id = ${workspaceId})`;
const OF_RUNS = (workspaceId: string) =>
  Prisma.sql`run_id in (select id from schedule_runs where workspace_id = ${workspaceId})`;

const table = (name: string, order: string, of = OWN, omit: readonly string[] = []): ArchiveTable => ({
  name,
  of,
  order,
  omit,
});

/**
 * Tables of an archive. Not in it: API keys, feeds, sign-ins and push channels, which hold secrets; occurrences,
 * which are computed from events; and the state of running work.
 */
export const ARCHIVE_TABLES: readonly ArchiveTable[] = [
  table('workspaces', 'id', (id) => Prisma.sql`id = ${id}`),
  table('calendar_hours', 'type, weekday'),
  table('schedule_policies', 'workspace_id'),
  table('availability_permits', 'reader_id'),
  table('tasks', 'id'),
  table('task_dependencies', 'task_id, after_task_id'),
  table('declined_slots', 'task_id, start_at, end_at', OF_TASKS),
  table('habits', 'id'),
  table('habit_skips', 'habit_id, day', OF_HABITS),
  table('scheduled_blocks', 'id'),
  table('schedule_runs', 'id'),
  table('schedule_writes', 'run_id, position', OF_RUNS),
  table('calendar_auth_tokens', 'id', OWN, [
    'key_id',
    'refresh_token',
    'access_token',
    'access_token_expires_at',
    'refreshing_until',
    'refresh_forced_at',
  ]),
  table('calendars', 'id'),
  table('calendar_events', 'calendar_id, google_event_id', OF_CALENDARS),
  table('calendar_changes', 'position'),
  table('workspace_changes', 'position'),
  table('workspace_calendar_sync_log', 'id'),
  table('event_writes', 'id'),
  table('dead_letters', 'id'),
];
