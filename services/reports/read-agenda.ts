import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import type { Interval } from '../../calendar/availability/interval.ts';
import { MAX_AGENDA_ITEMS } from '../../contracts/limits.ts';
import { formatInstant } from '../../contracts/instants.ts';
import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { parseInput } from '../input.ts';
import { readPlanRun } from '../planning/plan-runs.ts';
import { listEvents } from '../reading/list-occurrences.ts';
import { requireWorkspace } from '../workspaces.ts';
import { type Agenda, type AgendaDay, makeAgenda } from './agenda.ts';
import { dayOf, daysWithin } from './civil-days.ts';

export const agendaDaySchema = z.iso.date('must be a date like 2026-01-05');

/** Bounds the query for titles; an agenda shows fewer. */
const MOST_UNPLANNED = 1_000;
/** Statuses of blocks that are in Google, or on their way there. */
const SHOWN = ['planned', 'writing', 'written'];

/**
 * Reads the agenda of a day in the workspace's time zone.
 * @param day default: today
 */
export async function readAgenda(database: Database, workspaceId: string, day?: string): Promise<Agenda> {
  const asked = parseInput(agendaDaySchema.optional(), day, 'day');
  const { timeZone } = await requireWorkspace(database, workspaceId);
  const date =
    asked === undefined ? dayOf(await readClock(database), timeZone) : Temporal.PlainDate.from(asked);
  const [from, to] = [date.toString(), date.add({ days: 1 }).toString()];
  const blocks = await readBlocks(database, workspaceId, daysWithin(date, 1, timeZone));
  // Written blocks are events as well, and are left out.
  const limit = MAX_AGENDA_ITEMS + blocks.length + 1;
  const { events, proof, cursor } = await listEvents(database, { workspaceId, from, to, limit });
  return makeAgenda({
    workspaceId,
    day: from,
    timeZone,
    provenAt: proof.provenAt,
    events,
    blocks,
    unplanned: await readUnplanned(database, workspaceId, from),
    more: cursor !== undefined,
  });
}

async function readBlocks(
  database: Database,
  workspaceId: string,
  { start, end }: Interval,
): Promise<AgendaDay['blocks']> {
  const rows = await database.scheduledBlock.findMany({
    where: {
      workspaceId,
      status: { in: SHOWN },
      startAt: { lt: new Date(end) },
      endAt: { gt: new Date(start) },
    },
    select: {
      kind: true,
      startAt: true,
      endAt: true,
      calendarId: true,
      googleEventId: true,
      task: { select: { title: true } },
      habit: { select: { title: true } },
    },
    orderBy: [{ startAt: 'asc' }, { id: 'asc' }],
    take: MAX_AGENDA_ITEMS + 1,
  });
  return rows.map(({ kind, task, habit, startAt, endAt, calendarId, googleEventId }) => ({
    kind: kind === 'habit' ? 'habit' : 'task',
    title: (task ?? habit)?.title ?? null,
    start: formatInstant(startAt.getTime()),
    end: formatInstant(endAt.getTime()),
    calendarId,
    googleEventId,
  }));
}

/** What the latest plan found no time for: open tasks, and habits of the day. */
async function readUnplanned(
  database: Database,
  workspaceId: string,
  day: string,
): Promise<AgendaDay['unplanned']> {
  const run = await database.scheduleRun.findFirst({
    where: { workspaceId, blocks: { not: Prisma.DbNull }, findings: { not: Prisma.DbNull }, undoneAt: null },
    orderBy: { startedAt: 'desc' },
    select: { id: true },
  });
  if (run === null) return [];
  const { unscheduled } = (await readPlanRun(database, run.id, workspaceId)).plan;
  const wanted = unscheduled
    .filter(({ date }) => date === undefined || date === day)
    .slice(0, MOST_UNPLANNED);
  const where = { id: { in: wanted.map(({ refId }) => refId) }, workspaceId };
  const select = { id: true, title: true };
  const tasks = await database.task.findMany({ where: { ...where, status: 'open' }, select });
  const habits = await database.habit.findMany({ where, select });
  const titles = { task: titlesOf(tasks), habit: titlesOf(habits) };
  return wanted.flatMap(({ refId, minutes }) => {
    const kind = titles.habit.has(refId) ? 'habit' : 'task';
    const title = titles[kind].get(refId);
    return title === undefined ? [] : [{ kind, refId, title, minutes }];
  });
}

function titlesOf(rows: readonly { id: string; title: string }[]): Map<string, string> {
  return new Map(rows.map(({ id, title }) => [id, title]));
}
