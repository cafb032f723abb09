import type { Database, Transaction } from '../../prisma/client.ts';
import { holdBusyRule } from './busy-rule.ts';
import { expandSources } from './expand-sources.ts';
import { HORIZON_FROM, HORIZON_IS_OFF, HORIZON_TO, type HorizonSpan } from './horizon.ts';

const LONGEST_ROLL_MS = 4 * 60_000;

/** A calendar with the span for which its occurrences are stored and the span for which they should be. */
export interface RollingCalendar {
  workspaceId: string;
  calendarId: string;
  timeZone: string;
  stored: HorizonSpan;
  today: HorizonSpan;
}

/**
 * IDs of sources that may have occurrences in the new edge: events there, series that reach it, exceptions
 * moved into it.
 */
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

async function dropOccurrencesOutside(
  transaction: Transaction,
  calendarId: string,
  { from, to }: HorizonSpan,
): Promise<void> {
  await transaction.$executeRaw`
    delete from workspace_calendar_events
    where calendar_id = ${calendarId}::uuid and case when all_day
      then end_date <= (${from}::timestamptz at time zone 'UTC')::date
        or start_date >= (${to}::timestamptz at time zone 'UTC')::date
      else end_at <= ${from} and start_at < ${from} or start_at >= ${to} end`;
}

/** Spans of `today` that `stored` lacks: all of `today` where the two do not overlap. */
function newEdges({ stored, today }: RollingCalendar): HorizonSpan[] {
  if (stored.to <= today.from || stored.from >= today.to) return [today];
  const edges = [
    { from: today.from, to: stored.from },
    { from: stored.to, to: today.to },
  ];
  return edges.filter(({ from, to }) => from < to);
}

/**
 * Moves a calendar's horizon to today's, forward or back: adds the occurrences of the new edges, and drops
 * those that are outside. Makes no request to Google. The caller has locked the sync state.
 */
export async function moveHorizon(transaction: Transaction, calendar: RollingCalendar): Promise<void> {
  const { workspaceId, calendarId, timeZone, today } = calendar;
  for (const horizon of newEdges(calendar)) {
    const sources = await sourcesWithin(transaction, calendarId, horizon);
    await expandSources(transaction, { workspaceId, calendarId, timeZone, horizon }, sources, 'add');
  }
  await dropOccurrencesOutside(transaction, calendarId, today);
  await transaction.calendarSyncState.update({
    where: { calendarId },
    data: { horizonFrom: today.from, horizonTo: today.to },
  });
}

/**
 * Moves one calendar's horizon to today's by Postgres's clock, whichever clock computed it before. It takes
 * the same lock as page commits, so a sync of the calendar and the roll wait for each other.
 * @returns false where the horizon is already today's
 */
export async function rollHorizon(database: Database, calendarId: string): Promise<boolean> {
  return database.$transaction(
    async (transaction) => {
      const [row] = await transaction.$queryRaw<
        { workspaceId: string; timeZone: string; from: Date; to: Date; todayFrom: Date; todayTo: Date }[]
      >`
        select c.workspace_id as "workspaceId", c.time_zone as "timeZone", s.horizon_from as "from", s.horizon_to as "to",
          ${HORIZON_FROM} as "todayFrom", ${HORIZON_TO} as "todayTo"
        from calendar_sync_states s join calendars c on c.id = s.calendar_id
        where s.calendar_id = ${calendarId}::uuid and ${HORIZON_IS_OFF}
        for update of s`;
      if (row === undefined) return false;
      const { workspaceId, timeZone, from, to, todayFrom, todayTo } = row;
      await holdBusyRule(transaction, workspaceId);
      const [stored, today] = [
        { from, to },
        { from: todayFrom, to: todayTo },
      ];
      await moveHorizon(transaction, { workspaceId, calendarId, timeZone, stored, today });
      return true;
    },
    { timeout: LONGEST_ROLL_MS },
  );
}
