import type { Database, Transaction } from '../../prisma/client.ts';
import { holdBusyRule } from './busy-rule.ts';
import { expandSources } from './expand-sources.ts';
import type { HorizonSpan } from './horizon.ts';

const LONGEST_ROLL_MS = 4 * 60_000;

interface RollingCalendar {
  workspaceId: string;
  timeZone: string;
  from: Date;
  to: Date;
}

/** Sources with anything to show in the new edge: events there, series that reach it, exceptions moved into it. */
async function sourcesWithin(
  transaction: Transaction,
  calendarId: string,
  edge: HorizonSpan,
): Promise<string[]> {
  const rows = await transaction.$queryRaw<{ id: string }[]>`
    select distinct coalesce(series_id, google_event_id) as id from calendar_events
    where calendar_id = ${calendarId}::uuid and case
      when kind = 'series' then series_end is null or series_end >= ${edge.from}
      when start_at is not null then start_at < ${edge.to} and end_at >= ${edge.from}
      else start_date < (${edge.to}::timestamptz at time zone 'UTC')::date
        and end_date >= (${edge.from}::timestamptz at time zone 'UTC')::date
      end
    order by 1`;
  return rows.map(({ id }) => id);
}

async function dropOccurrencesBefore(
  transaction: Transaction,
  calendarId: string,
  from: Date,
): Promise<void> {
  await transaction.$executeRaw`
    delete from workspace_calendar_events
    where calendar_id = ${calendarId}::uuid and case when all_day
      then end_date <= (${from}::timestamptz at time zone 'UTC')::date
      else end_at <= ${from} and start_at < ${from} end`;
}

/**
 * Moves one calendar's horizon to `today`: adds what the new edge shows, drops what has fallen out behind. Nothing
 * is asked of Google. Holds the lock that page commits take, so a sync of the calendar waits, or is waited for.
 * @returns false where the horizon is there already
 */
export async function rollHorizon(
  database: Database,
  calendarId: string,
  today: HorizonSpan,
): Promise<boolean> {
  return database.$transaction(
    async (transaction) => {
      const [calendar] = await transaction.$queryRaw<RollingCalendar[]>`
        select c.workspace_id as "workspaceId", c.time_zone as "timeZone", s.horizon_from as "from", s.horizon_to as "to"
        from calendar_sync_states s join calendars c on c.id = s.calendar_id
        where s.calendar_id = ${calendarId}::uuid and s.horizon_to < ${today.to}
        for update of s`;
      if (calendar === undefined) return false;
      const { workspaceId, timeZone } = calendar;
      await holdBusyRule(transaction, workspaceId);
      const edge = { from: calendar.to, to: today.to };
      const sources = await sourcesWithin(transaction, calendarId, edge);
      const target = { workspaceId, calendarId, timeZone, horizon: edge };
      await expandSources(transaction, target, sources, 'add');
      await dropOccurrencesBefore(transaction, calendarId, today.from);
      await transaction.calendarSyncState.update({
        where: { calendarId },
        data: { horizonFrom: today.from, horizonTo: today.to },
      });
      return true;
    },
    { timeout: LONGEST_ROLL_MS },
  );
}
