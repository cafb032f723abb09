import { createHash } from 'node:crypto';
import type { Database, Transaction } from '../../../prisma/client.ts';
import { parsePlanInput, type PlanInput } from '../../../scheduling/index.ts';
import { WorkspaceNotFoundError } from '../../errors.ts';
import { planWindow, type PlanWindow } from './plan-window.ts';
import { readCurrentBlocks, readMinutesElsewhere } from './read-blocks.ts';
import { readBusy } from './read-busy.ts';
import { toWeekHours } from './week-hours.ts';
import { DAY_MS } from '../../../contracts/durations.ts';

const DEFAULT_DAYS = 30;

interface ReadPlanOptions {
  /** Number of days from today, 7 to 90. Default: the workspace's policy. */
  days?: number;
}

/**
 * Input of a workspace's plan, as of one instant of the database. Tasks and habits that
 * are not scheduled automatically are left out; their existing blocks take up time like any event.
 */
export async function readPlanInput(
  database: Database,
  workspaceId: string,
  now: Date,
  options: ReadPlanOptions = {},
): Promise<PlanInput> {
  return database.$transaction(
    async (transaction) => {
      const workspace = await transaction.workspace.findUnique({
        where: { id: workspaceId },
        select: {
          timeZone: true,
          schedulePolicy: true,
          calendarHours: { orderBy: [{ type: 'asc' }, { weekday: 'asc' }] },
        },
      });
      if (workspace === null) throw new WorkspaceNotFoundError(workspaceId);
      const { timeZone, schedulePolicy: policy, calendarHours } = workspace;
      const days = options.days ?? policy?.days ?? DEFAULT_DAYS;
      const window = planWindow(now, timeZone, days);
      const blocks = await readCurrentBlocks(transaction, workspaceId, window, now);
      const busy = await readBusy(transaction, workspaceId, timeZone, window);
      const heldBack = blocks.filter(({ plannable }) => !plannable);
      return parsePlanInput({
        timeZone,
        now: now.toISOString(),
        days,
        hours: toWeekHours(calendarHours),
        busy: [...busy, ...heldBack].map(({ startAt, endAt }) => [
          startAt.toISOString(),
          endAt.toISOString(),
        ]),
        tasks: await readTasks(transaction, workspaceId, window),
        habits: await readHabits(transaction, workspaceId, window),
        current: blocks
          .filter(({ plannable }) => plannable)
          .map(({ id, kind, refId, startAt, endAt, pinned, habitDay }) => ({
            id,
            kind,
            refId,
            start: startAt.toISOString(),
            end: endAt.toISOString(),
            pinned,
            habitDay,
          })),
        ...(policy && { granularityMinutes: policy.granularityMinutes }),
        policy: {
          ...(policy && {
            bufferMinutes: policy.bufferMinutes,
            maxMinutesPerDay: policy.maxMinutesPerDay,
            freezeMinutes: policy.freezeMinutes,
          }),
          declined: await readDeclined(transaction, workspaceId, window),
        },
      });
    },
    { isolationLevel: 'RepeatableRead' },
  );
}

async function readTasks(transaction: Transaction, workspaceId: string, window: PlanWindow) {
  const minutesElsewhere = await readMinutesElsewhere(transaction, workspaceId, window);
  const tasks = await transaction.task.findMany({
    where: { workspaceId, status: 'open', autoSchedule: true },
    include: { after: { select: { afterTaskId: true }, orderBy: { afterTaskId: 'asc' } } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const planned = new Set(tasks.map(({ id }) => id));
  return tasks.map((task) => ({
    ...task,
    doneMinutes: task.doneMinutes + (minutesElsewhere.get(task.id) ?? 0),
    earliestStart: task.earliestStart?.toISOString() ?? null,
    deadline: task.deadline?.toISOString() ?? null,
    // Tasks that are done, or scheduled by the user, hold nothing up.
    after: task.after.map(({ afterTaskId }) => afterTaskId).filter((id) => planned.has(id)),
  }));
}

async function readHabits(transaction: Transaction, workspaceId: string, window: PlanWindow) {
  const habits = await transaction.habit.findMany({
    where: { workspaceId, autoSchedule: true },
    include: {
      skips: {
        where: { day: { gte: dayBefore(window.start), lte: window.end } },
        select: { day: true },
        orderBy: { day: 'asc' },
      },
    },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const planned = new Set(habits.map(({ id }) => id));
  const known = (id: string | null) => (id !== null && planned.has(id) ? id : null);
  return habits.map(({ skips, ...habit }) => ({
    ...habit,
    startDate: toDate(habit.startDate),
    after: known(habit.afterHabitId),
    before: known(habit.beforeHabitId),
    skippedDates: skips.map(({ day }) => toDate(day)),
  }));
}

async function readDeclined(transaction: Transaction, workspaceId: string, window: PlanWindow) {
  const slots = await transaction.declinedSlot.findMany({
    where: { task: { workspaceId }, endAt: { gt: window.start }, startAt: { lt: window.end } },
    orderBy: [{ startAt: 'asc' }, { endAt: 'asc' }, { taskId: 'asc' }],
  });
  return slots.map(({ taskId, startAt, endAt }) => ({
    refId: taskId,
    start: startAt.toISOString(),
    end: endAt.toISOString(),
  }));
}

/** Days are compared as midnights of UTC, which differ from local midnights by less than a day. */
const dayBefore = (instant: Date) => new Date(instant.getTime() - DAY_MS);
const toDate = (day: Date) => day.toISOString().slice(0, 10);

/**
 * Hash of everything on which a plan depends, except the clock. It changes with the calendar, the tasks, the
 * habits, the hours or the policy, and with each new day.
 */
export function fingerprint({ now: _now, ...input }: PlanInput): string {
  return createHash('sha256').update(JSON.stringify(input)).digest('base64url');
}
