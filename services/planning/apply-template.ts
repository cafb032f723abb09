import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { parseInput } from '../input.ts';
import { definedOnly } from '../defined-only.ts';
import { dateSchema } from './fields.ts';
import { habitSchema, insertHabit } from './habits.ts';
import { lockWorkspace } from './lock-workspace.ts';
import { insertTask, requireRoomForTasks, taskSchema } from './tasks.ts';
import { readTemplate } from './templates.ts';

export const templateStart = dateSchema.describe('Day from which the days of the template count');

export const appliedTemplateSchema = z.object({
  tasks: z.array(taskSchema),
  habits: z.array(habitSchema),
});
type AppliedTemplate = z.infer<typeof appliedTemplateSchema>;

/**
 * Makes the tasks and habits of a template in a workspace, all or none.
 * @param shared handle for templates, which belong to no workspace. Default: `database`
 * @throws NotFoundError when there is no such template or workspace, QuotaExceededError, InvalidInputError when the
 *   workspace lacks a type of hours.
 */
export async function applyTemplate(
  { database, shared = database }: { database: Database; shared?: Database },
  workspaceId: string,
  { template, start }: { template: string; start: string },
): Promise<AppliedTemplate> {
  const first = Temporal.PlainDate.from(parseInput(templateStart, start, 'start'));
  const { tasks, habits } = await readTemplate(shared, template);
  const day = (days: number | undefined) => (days === undefined ? undefined : first.add({ days }).toString());
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    await requireRoomForTasks(transaction, workspace.id, tasks.length);
    const applied: AppliedTemplate = { tasks: [], habits: [] };
    const taskIds = new Map<string, string>();
    for (const { name, earliestDay, deadlineDay, after, ...fields } of inOrder(tasks)) {
      const task = await insertTask(transaction, workspace, {
        ...fields,
        ...definedOnly({ earliestStart: day(earliestDay), deadline: day(deadlineDay) }),
        after: after.map((other) => taskIds.get(other) ?? other),
      });
      taskIds.set(name, task.id);
      applied.tasks.push(task);
    }
    const habitIds = new Map<string, string>();
    const waiting = habits.map((habit) => ({
      ...habit,
      after: habit.after === undefined ? [] : [habit.after],
    }));
    for (const { name, startDay, after, ...fields } of inOrder(waiting)) {
      const [leader] = after;
      const habit = await insertHabit(transaction, workspace, {
        ...fields,
        startDate: first.add({ days: startDay }).toString(),
        after: leader === undefined ? null : (habitIds.get(leader) ?? null),
      });
      habitIds.set(name, habit.id);
      applied.habits.push(habit);
    }
    return applied;
  });
}

/** Each after what it waits for. The template has no circle. */
function inOrder<Item extends { name: string; after: string[] }>(items: readonly Item[]): Item[] {
  const made = new Set<string>();
  const ordered: Item[] = [];
  for (let left = [...items]; left.length > 0;) {
    const next = left.filter(({ after }) => after.every((name) => made.has(name)));
    for (const item of next) made.add(item.name);
    ordered.push(...next);
    left = left.filter((item) => !made.has(item.name));
  }
  return ordered;
}
