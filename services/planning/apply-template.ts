import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import type { Database, Transaction } from '../../prisma/client.ts';
import { parseInput } from '../input.ts';
import { definedOnly } from '../defined-only.ts';
import { derivedId } from '../derived-id.ts';
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
interface AppliedTemplate extends z.infer<typeof appliedTemplateSchema> {
  /** Whether the same application had made it before, so that nothing is made. */
  isRepeated: boolean;
}

/**
 * Makes the tasks and habits of a template in a workspace, all or none. Under the ID of an application that has made
 * them already, and as long as any of them is there, nothing is made.
 * @param shared handle for templates, which belong to no workspace. Default: `database`
 * @throws NotFoundError when there is no such template or workspace, QuotaExceededError, InvalidInputError when the
 *   workspace lacks a type of hours.
 */
export async function applyTemplate(
  { database, shared = database }: { database: Database; shared?: Database },
  workspaceId: string,
  { template, start, applicationId }: { template: string; start: string; applicationId?: string },
): Promise<AppliedTemplate> {
  const first = Temporal.PlainDate.from(parseInput(templateStart, start, 'start'));
  const { tasks, habits } = await readTemplate(shared, template);
  const day = (days: number | undefined) => (days === undefined ? undefined : first.add({ days }).toString());
  const idOf = (kind: 'task' | 'habit', name: string) =>
    applicationId === undefined ? undefined : derivedId(applicationId, workspaceId, template, kind, name);
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    const ids = [
      ...tasks.map(({ name }) => idOf('task', name)),
      ...habits.map(({ name }) => idOf('habit', name)),
    ];
    if (await isAnyThere(transaction, ids)) return { tasks: [], habits: [], isRepeated: true };
    await requireRoomForTasks(transaction, workspace.id, tasks.length);
    const applied: AppliedTemplate = { tasks: [], habits: [], isRepeated: false };
    const taskIds = new Map<string, string>();
    for (const { name, earliestDay, deadlineDay, after, ...fields } of inOrder(tasks)) {
      const task = await insertTask(
        transaction,
        workspace,
        {
          ...fields,
          ...definedOnly({ earliestStart: day(earliestDay), deadline: day(deadlineDay) }),
          after: after.map((other) => taskIds.get(other) ?? other),
        },
        definedOnly({ taskId: idOf('task', name) }),
      );
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
      const habit = await insertHabit(
        transaction,
        workspace,
        {
          ...fields,
          startDate: first.add({ days: startDay }).toString(),
          after: leader === undefined ? null : (habitIds.get(leader) ?? null),
        },
        idOf('habit', name),
      );
      habitIds.set(name, habit.id);
      applied.habits.push(habit);
    }
    return applied;
  });
}

async function isAnyThere(transaction: Transaction, ids: readonly (string | undefined)[]): Promise<boolean> {
  const known = ids.filter((id) => id !== undefined);
  if (known.length === 0) return false;
  const where = { id: { in: known } };
  return (await transaction.task.count({ where })) + (await transaction.habit.count({ where })) > 0;
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
