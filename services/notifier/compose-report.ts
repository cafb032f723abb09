import type { ReportNotice } from '../../contracts/notices.ts';
import type { Database } from '../../prisma/client.ts';
import { healthLines } from '../reports/health-lines.ts';
import { type HealthReportOptions, readHealthReport } from '../reports/read-health-report.ts';
import { addNarrative } from '../reports/add-narrative.ts';
import type { Narrate } from '../reports/narrator.ts';
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

/** What reports need beside the database. */
export interface ReportOptions {
  health: HealthReportOptions;
  /** Null: agendas are not told in words. */
  narrate: Narrate | null;
}

/** Report that is due. */
interface Due {
  /** Null: the installation. */
  workspaceId: string | null;
  day: string;
}

type ReadReport = (database: Database, due: Due, options: ReportOptions) => Promise<Written>;

const READERS: Record<ReportNotice, ReadReport> = {
  'daily-agenda': async (database, due, { narrate }) => {
    const { workspaceId, day } = ofWorkspace(due);
    const agenda = await addNarrative(database, await readAgenda(database, workspaceId, day), narrate);
    const headline = `Agenda of ${workspaceId}: ${agenda.day}, ${agenda.timeZone}`;
    return { headline, report: agendaReport(agenda), data: agenda };
  },
  'weekly-summary': async (database, due) => {
    const { workspaceId, day } = ofWorkspace(due);
    const summary = await readSummary(database, workspaceId, weekOfDay(day));
    const headline = `Summary of ${workspaceId}: ${summary.week}, ${summary.timeZone}`;
    return { headline, report: summaryReport(summary), data: summary };
  },
  'health-report': async (database, _due, { health: options }) => {
    const health = await readHealthReport(database, options);
    const report = healthLines(health);
    return { headline: report.title, report, data: health };
  },
};

function ofWorkspace({ workspaceId, day }: Due) {
  if (workspaceId === null) throw new Error('Only notifiers of a workspace have this report.');
  return { workspaceId, day };
}

/**
 * The report of the day that the message was claimed for, with titles of its
 * workspace. Null: it is too late for it, its time
 * was changed, or its workspace is paused or being deleted.
 */
export async function composeReport(
  database: Database,
  { id, notifierId, at }: ClaimedMessage,
  notice: ReportNotice,
  options: ReportOptions,
): Promise<Message | null> {
  const [due] = await database.$queryRaw<Due[]>`
    select m.workspace_id as "workspaceId", to_char(m.agenda_day, 'YYYY-MM-DD') as day
    from notifier_messages m
    join (${await dueReports(database, notifierId)}) due on due.notice = m.notice and due.day = m.agenda_day
    where m.id = ${id}::uuid`;
  if (due === undefined) return null;
  const { headline, report, data } = await READERS[notice](database, due, options);
  // The headline says what the first line does.
  const [, ...lines] = reportText(report).trimEnd().split('\n');
  return { id, topic: notice, headline, lines, html: reportHtml(report), data, at };
}
