import type { ReportNotice } from '../../contracts/notices.ts';
import type { Database } from '../../prisma/client.ts';
import { agendaReport } from '../reports/agenda-lines.ts';
import { weekOfDay } from '../reports/iso-week.ts';
import { readAgenda } from '../reports/read-agenda.ts';
import { readSummary } from '../reports/read-summary.ts';
import { reportHtml } from '../reports/report-html.ts';
import { reportText } from '../reports/report-text.ts';
import type { Report } from '../reports/report.ts';
import { summaryReport } from '../reports/summary-lines.ts';
import type { ClaimedMessage } from './claim-message.ts';
import { dueReports } from './due-reports.ts';
import type { Message } from './message.ts';

interface Written {
  headline: string;
  report: Report;
  data: object;
}

/** Reads the report of a day in a workspace. */
type ReadReport = (database: Database, workspaceId: string, day: string) => Promise<Written>;

const READERS: Record<ReportNotice, ReadReport> = {
  'daily-agenda': async (database, workspaceId, day) => {
    const agenda = await readAgenda(database, workspaceId, day);
    const headline = `Agenda of ${workspaceId}: ${agenda.day}, ${agenda.timeZone}`;
    return { headline, report: agendaReport(agenda), data: agenda };
  },
  'weekly-summary': async (database, workspaceId, day) => {
    const summary = await readSummary(database, workspaceId, weekOfDay(day));
    const headline = `Summary of ${workspaceId}: ${summary.week}, ${summary.timeZone}`;
    return { headline, report: summaryReport(summary), data: summary };
  },
};

/**
 * The report of the day that the message was claimed for, with titles. Null: it is too late for it, its time
 * was changed, or its workspace is paused or being deleted.
 */
export async function composeReport(
  database: Database,
  { id, notifierId, at }: ClaimedMessage,
  notice: ReportNotice,
): Promise<Message | null> {
  const [due] = await database.$queryRaw<{ workspaceId: string; day: string }[]>`
    select m.workspace_id as "workspaceId", to_char(m.agenda_day, 'YYYY-MM-DD') as day
    from notifier_messages m
    join (${await dueReports(database, notifierId)}) due on due.notice = m.notice and due.day = m.agenda_day
    where m.id = ${id}::uuid`;
  if (due === undefined) return null;
  const { headline, report, data } = await READERS[notice](database, due.workspaceId, due.day);
  // The headline says what the first line does.
  const [, ...lines] = reportText(report).trimEnd().split('\n');
  return { id, topic: notice, headline, lines, html: reportHtml(report), data, at };
}
