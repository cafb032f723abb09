import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { agendaDayAt } from './agenda-day.ts';

const WANTED = Prisma.sql`
  n.status = 'active' and w.status = 'active' and 'daily-agenda' = any(n.notices)`;

/**
 * Query for the agendas that are due by Postgres's clock: notifier, workspace and day. Temporal reads the zones,
 * because it has accepted them; Postgres may know fewer.
 */
export async function dueAgendas(database: Database | Transaction): Promise<Prisma.Sql> {
  // A row per zone and hour, however many workspaces there are.
  const rows = await database.$queryRaw<{ timeZone: string; hour: number; now: Date }[]>`
    select distinct w.time_zone as "timeZone", n.agenda_hour as hour, now() as now
    from notifiers n join workspaces w on w.id = n.workspace_id
    where ${WANTED}`;
  const due = rows.flatMap(({ timeZone, hour, now }) => {
    const day = agendaDayAt(now, timeZone, hour);
    return day === null ? [] : [{ timeZone, hour, day }];
  });
  return Prisma.sql`
    select n.id as notifier_id, n.workspace_id, d.day
    from jsonb_to_recordset(${JSON.stringify(due)}::jsonb) as d ("timeZone" text, hour int, day date)
    join workspaces w on w.time_zone = d."timeZone"
    join notifiers n on n.workspace_id = w.id and n.agenda_hour = d.hour
    where ${WANTED}`;
}
