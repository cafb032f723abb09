import type { Database } from '../../prisma/client.ts';
import { agendaReport } from '../reports/agenda-lines.ts';
import { readAgenda } from '../reports/read-agenda.ts';
import { reportHtml } from '../reports/report-html.ts';
import { reportText } from '../reports/report-text.ts';
import type { ClaimedMessage } from './claim-message.ts';
import { dueAgendas } from './due-agendas.ts';
import type { Message } from './message.ts';

/**
 * The agenda of the day that the message was claimed for, with titles. Null: it is too late for it, its hour
 * was changed, or its workspace is paused or being deleted.
 */
export async function composeAgenda(
  database: Database,
  { id, notice, at }: ClaimedMessage,
): Promise<Message | null> {
  const [due] = await database.$queryRaw<{ workspaceId: string; day: string }[]>`
    select m.workspace_id as "workspaceId", to_char(m.agenda_day, 'YYYY-MM-DD') as day
    from notifier_messages m
    join (${await dueAgendas(database)}) due on due.notifier_id = m.notifier_id and due.day = m.agenda_day
    where m.id = ${id}::uuid`;
  if (due === undefined) return null;
  const agenda = await readAgenda(database, due.workspaceId, due.day);
  const report = agendaReport(agenda);
  // The headline says what the first line does.
  const [, ...lines] = reportText(report).trimEnd().split('\n');
  return {
    id,
    topic: notice,
    headline: `Agenda of ${agenda.workspaceId}: ${agenda.day}, ${agenda.timeZone}`,
    lines,
    html: reportHtml(report),
    data: agenda,
    at,
  };
}
