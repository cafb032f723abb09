import { z } from 'zod';
import { Quota } from '../../contracts/quotas.ts';
import {
  blockMinutesSchema,
  hoursTypeSchema,
  minutesSchema,
  momentSchema,
  prioritySchema,
  switchSchema,
  taskIdSchema,
  titleSchema,
} from './fields.ts';
import { MAX_TASK_MINUTES } from '../../contracts/limits.ts';

/** Length of the shortest block: a shorter task could not be placed. */
const MIN_TASK_MINUTES = 5;
const MIN_CHUNK_MINUTES = 30;
const MAX_CHUNK_MINUTES = 120;

/** Fields of a task. Null clears a time. */
export const taskFields = z.object({
  title: titleSchema,
  priority: prioritySchema,
  /** Placed in steps of five minutes; a smaller remainder counts as done. */
  durationMinutes: minutesSchema(MIN_TASK_MINUTES, MAX_TASK_MINUTES),
  doneMinutes: minutesSchema(0, MAX_TASK_MINUTES),
  splittable: switchSchema,
  minChunkMinutes: blockMinutesSchema(MAX_TASK_MINUTES),
  maxChunkMinutes: blockMinutesSchema(MAX_TASK_MINUTES),
  /** A date means its start. */
  earliestStart: momentSchema.nullable(),
  /** A date means its end: `2026-01-05` includes all of that Monday. */
  deadline: momentSchema.nullable(),
  hours: hoursTypeSchema,
  after: z
    .array(taskIdSchema, { error: 'must be a list of task UUIDs' })
    .max(Quota.dependencies, `must name at most ${Quota.dependencies} tasks`),
  autoSchedule: switchSchema,
});

export const taskChanges = taskFields.partial();
export type TaskChanges = z.input<typeof taskChanges>;

export const newTask = taskChanges.required({ title: true, durationMinutes: true });
export type NewTask = z.input<typeof newTask>;

/** Limits of a task's chunks if one or neither is given: the defaults, adjusted to the given limit. */
export function chunkLimits({
  minChunkMinutes,
  maxChunkMinutes,
}: Pick<TaskChanges, 'minChunkMinutes' | 'maxChunkMinutes'>): {
  minChunkMinutes: number;
  maxChunkMinutes: number;
} {
  const least = minChunkMinutes ?? Math.min(MIN_CHUNK_MINUTES, maxChunkMinutes ?? MIN_CHUNK_MINUTES);
  return { minChunkMinutes: least, maxChunkMinutes: maxChunkMinutes ?? Math.max(MAX_CHUNK_MINUTES, least) };
}
