import { horizonAt } from '../support/horizon-at.ts';
import { createApiKey } from '../../services/keys/api-keys.ts';
import type { Database } from '../../prisma/client.ts';
import { seedDueWorkspaces } from '../support/due-workspaces.ts';
import { type NotificationHeaders, openChannel } from '../support/live-channel.ts';
import type { BenchStack } from '../support/stack.ts';

const CALENDARS = 5;
/** One occurrence in so many is all-day. */
const ALL_DAY_EVERY = 20;

export interface SeededWorkspace {
  workspaceId: string;
  /** Reaches this workspace alone. */
  key: string;
  /** Headers of a notification for a channel of the workspace's first calendar. */
  notification: NotificationHeaders;
}

/** A workspace with five synced calendars, whose occurrences are spread evenly over the horizon. */
export async function seedWorkspace(
  stack: BenchStack,
  database: Database,
  occurrences: number,
): Promise<SeededWorkspace> {
  const calendars = await seedDueWorkspaces(
    { ...stack, database },
    { count: 1, calendarsPerWorkspace: CALENDARS, prefix: 'api' },
  );
  const [first] = calendars;
  if (first === undefined) throw new Error('The emulator generated no calendar.');
  const { workspaceId } = first;
  await insertOccurrences(
    database,
    workspaceId,
    calendars.map(({ calendarId }) => calendarId),
    occurrences,
  );
  const { key } = await createApiKey({ database, now: () => new Date() }, { name: 'bench', workspaceId });
  return { workspaceId, key, notification: await openChannel(database, first.calendarId) };
}

async function insertOccurrences(
  database: Database,
  workspaceId: string,
  calendarIds: string[],
  count: number,
): Promise<void> {
  const { from, to } = horizonAt(new Date());
  await database.$executeRaw`
    insert into workspace_calendar_events (id, workspace_id, calendar_id, google_event_id, source_event_id, title,
      status, busy, event_type, all_day, start_at, end_at, start_date, end_date)
    select gen_random_uuid(), ${workspaceId}, (${calendarIds}::uuid[])[1 + i % ${CALENDARS}::int], 'event' || i,
      'event' || i, 'Meeting about subject ' || i, 'confirmed', true, 'default', all_day,
      case when not all_day then at end, case when not all_day then at + interval '30 minutes' end,
      case when all_day then at::date end, case when all_day then at::date + 1 end
    from (
      select i, i % ${ALL_DAY_EVERY}::int = 0 as all_day,
        date_trunc('minute', ${from}::timestamptz + (${to}::timestamptz - ${from}::timestamptz) * i / ${count}::float8) as at
      from generate_series(0, ${count}::int - 1) i
    ) occurrence`;
  // Autovacuum would do this minutes later.
  await database.$executeRaw`vacuum analyze workspace_calendar_events`;
}
