import { createHabit, listHabits } from '../../services/planning/habits.ts';
import { setPolicy } from '../../services/planning/policy.ts';
import { createTask, listTasks } from '../../services/planning/tasks.ts';
import { Temporal } from 'temporal-polyfill';
import type { Database } from '../../prisma/client.ts';
import { SAMPLE_WORKSPACES } from './sample-workspaces.ts';

interface SampleTask {
  title: string;
  priority: 'critical' | 'high' | 'normal' | 'low';
  durationMinutes: number;
  /** Days from today until the deadline, which is the end of that day. */
  dueInDays?: number;
}

const TASKS: SampleTask[] = [
  { title: 'Fix the login outage report', priority: 'critical', durationMinutes: 90, dueInDays: 2 },
  { title: 'Quarterly review', priority: 'high', durationMinutes: 240, dueInDays: 7 },
  { title: 'Prepare the customer demo', priority: 'high', durationMinutes: 120, dueInDays: 10 },
  { title: 'Write the migration guide', priority: 'normal', durationMinutes: 360 },
  { title: 'Sort the backlog', priority: 'low', durationMinutes: 180 },
];

const HABITS = [
  { title: 'Run', rrule: 'FREQ=WEEKLY;BYDAY=MO,WE,FR', durationMinutes: 45, idealTime: '07:15' },
  { title: 'Read', rrule: 'FREQ=DAILY', durationMinutes: 30, preference: 'evening' as const },
];

/** Gives the sample workspaces tasks and habits, unless they have some, and turns on applying their plans. */
export async function addSampleWork(database: Database): Promise<void> {
  for (const { id, timeZone } of SAMPLE_WORKSPACES) {
    await setPolicy(database, id, { autoApply: true });
    const today = Temporal.Now.plainDateISO(timeZone);
    if ((await listTasks(database, id, { all: true })).length === 0) {
      for (const { dueInDays, ...task } of TASKS) {
        const deadline = dueInDays === undefined ? null : today.add({ days: dueInDays }).toString();
        await createTask(database, id, { ...task, deadline });
      }
    }
    if ((await listHabits(database, id)).length === 0) {
      for (const habit of HABITS) await createHabit(database, id, habit);
    }
  }
}
