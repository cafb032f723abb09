import { z } from 'zod';
import { MOST_TEMPLATE_DAYS, MOST_TEMPLATE_HABITS, MOST_TEMPLATE_TASKS } from '../../contracts/limits.ts';
import { findCircle } from './find-circle.ts';
import { newHabit } from './habit-fields.ts';
import { chunkLimits, newTask } from './task-fields.ts';

const NAME_RULE = 'must be 1 to 64 letters, digits, hyphens or underscores';
export const templateNameSchema = z
  .string(NAME_RULE)
  .regex(/^[A-Za-z0-9_-]{1,64}$/, NAME_RULE)
  .describe('Name of the template');
const itemName = z.string(NAME_RULE).regex(/^[A-Za-z0-9_-]{1,64}$/, NAME_RULE);

const DAY_RULE = `must be a whole number of days from 0 to ${MOST_TEMPLATE_DAYS}`;
const daySchema = z.int(DAY_RULE).min(0, DAY_RULE).max(MOST_TEMPLATE_DAYS, DAY_RULE);

const templateTask = newTask
  .omit({ earliestStart: true, deadline: true, doneMinutes: true, after: true })
  .extend({
    name: itemName.describe('Name by which others of the template wait for it'),
    earliestDay: daySchema.optional().describe('Days from the start until it may begin'),
    deadlineDay: daySchema.optional().describe('Days from the start until the end of which it is due'),
    after: z.array(itemName).max(MOST_TEMPLATE_TASKS).default([]).describe('Tasks that have to end first'),
  })
  .strict();

const templateHabit = newHabit
  .omit({ startDate: true, after: true, before: true })
  .extend({
    name: itemName,
    startDay: daySchema.default(0).describe('Days from the start until its first day'),
    after: itemName.optional().describe('Habit of the template that ends before this one begins'),
  })
  .strict();

const content = {
  tasks: z
    .array(templateTask)
    .max(MOST_TEMPLATE_TASKS, `must have at most ${MOST_TEMPLATE_TASKS} tasks`)
    .default([]),
  habits: z
    .array(templateHabit)
    .max(MOST_TEMPLATE_HABITS, `must have at most ${MOST_TEMPLATE_HABITS} habits`)
    .default([]),
};

function checkContent({ value, issues }: z.core.ParsePayload<Omit<Template, 'name'>>): void {
  const refuse = (path: (string | number)[], message: string) =>
    issues.push({ code: 'custom', input: value, path, message });
  if (value.tasks.length + value.habits.length === 0)
    refuse(['tasks'], 'must have a task, or habits one habit');
  checkNames('tasks', value.tasks, refuse);
  checkNames(
    'habits',
    value.habits.map((habit) => ({ ...habit, after: habit.after === undefined ? [] : [habit.after] })),
    refuse,
  );
  for (const [index, task] of value.tasks.entries()) {
    const { minChunkMinutes, maxChunkMinutes } = chunkLimits(task);
    if (minChunkMinutes > maxChunkMinutes)
      refuse(['tasks', index, 'minChunkMinutes'], 'must not be longer than the longest block');
  }
  for (const [index, { minMinutes, durationMinutes }] of value.habits.entries())
    if (minMinutes !== undefined && minMinutes > durationMinutes)
      refuse(['habits', index, 'minMinutes'], 'must not be longer than the duration');
}

const named = z.strictObject({ name: templateNameSchema, ...content });

/** A named set of tasks and habits, with days that count from the start of each application. */
export const newTemplate = named.check(checkContent);
/** What a template makes. */
export const templateContent = z.strictObject(content).check(checkContent);
export type TemplateContent = z.input<typeof templateContent>;
export type NewTemplate = z.input<typeof named>;
export type Template = z.output<typeof named>;

/** Names are unique, and what they wait for is in the template and does not wait for them. */
function checkNames(
  list: 'tasks' | 'habits',
  items: readonly { name: string; after: readonly string[] }[],
  refuse: (path: (string | number)[], message: string) => void,
): void {
  const after = new Map(items.map((item) => [item.name, item.after]));
  const seen = new Set<string>();
  for (const [index, item] of items.entries()) {
    if (seen.has(item.name)) refuse([list, index, 'name'], 'must differ from the names before it');
    seen.add(item.name);
    if (item.after.some((name) => !after.has(name)))
      refuse([list, index, 'after'], `must name ${list} of the template`);
    else if (findCircle(item.name, after) !== null)
      refuse([list, index, 'after'], 'must not make it wait for itself');
  }
}
