import { REPORT_NOTICES } from '../../contracts/notices.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { reportDayAt, type ReportTime } from './report-day.ts';

/** Notifiers, their zones, and a row for each kind of report that they want. The installation's zone is UTC. */
const wanted = (notifierId: string | null) => Prisma.sql`
  notifiers n
  left join workspaces w on w.id = n.workspace_id
  join unnest(${[...REPORT_NOTICES]}::text[]) as r (notice) on r.notice = any(n.notices)
  where n.status = 'active' and (n.workspace_id is null or w.status = 'active')
    and (${notifierId}::uuid is null or n.id = ${notifierId}::uuid)`;

/**
 * Query for the reports that are due by Postgres's clock: notifier, workspace, notice and day. Temporal reads the
 * zones, because it has accepted them; Postgres may know fewer.
 * @param notifierId default: of all notifiers
 */
export async function dueReports(
  database: Database | Transaction,
  notifierId: string | null = null,
): Promise<Prisma.Sql> {
  // A row per kind, zone, hour and weekday, however many workspaces there are.
  const rows = await database.$queryRaw<(ReportTime & { timeZone: string; now: Date })[]>`
    select distinct r.notice, coalesce(w.time_zone, 'UTC') as "timeZone", n.agenda_hour as hour, n.summary_weekday as weekday,
      now() as now
    from ${wanted(notifierId)}`;
  const due = rows.flatMap(({ now, timeZone, ...time }) => {
    const day = reportDayAt(now, timeZone, time);
    return day === null ? [] : [{ ...time, timeZone, day }];
  });
  return Prisma.sql`
    select w.notifier_id, w.workspace_id, d.notice, d.day
    from jsonb_to_recordset(${JSON.stringify(due)}::jsonb)
      as d (notice text, "timeZone" text, hour int, weekday text, day date)
    join (
      select n.id as notifier_id, n.workspace_id, r.notice, coalesce(w.time_zone, 'UTC') as time_zone, n.agenda_hour, n.summary_weekday
      from ${wanted(notifierId)}
    ) w on w.notice = d.notice and w.time_zone = d."timeZone" and w.agenda_hour = d.hour
      and w.summary_weekday = d.weekday`;
}
