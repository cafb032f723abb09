import { z } from 'zod';
import { POLICY_TRAITS } from '../../calendar/busy.ts';
import { MAX_TASK_MINUTES } from '../../contracts/limits.ts';
import { Quota } from '../../contracts/quotas.ts';
import { blockSchema } from '../planning/blocks.ts';
import { dateSchema, hoursTypeSchema, minutesSchema, switchSchema } from '../planning/fields.ts';
import { newHabit } from '../planning/habit-fields.ts';
import { hoursInput } from '../planning/hours.ts';
import { policyChanges } from '../planning/policy.ts';
import { newTask } from '../planning/task-fields.ts';
import { TASK_STATUSES } from '../planning/tasks.ts';
import { workspaceIdSchema } from '../input.ts';
import { newWorkspace } from '../workspaces.ts';

const MOST_BLOCKS = 20_000;

const id = z.guid('must be a UUID').toLowerCase();
const instant = z.iso.datetime({ offset: true, error: 'must be an instant' });
const { shape: task } = newTask;
const { shape: habit } = newHabit;
const { shape: policy } = policyChanges;
const weekday = hoursInput.shape.days.element;

const ENDS_LATER = { path: ['end_at'], error: 'must be later than start_at' };
const endsLater = (row: { start_at: string; end_at: string }) =>
  Date.parse(row.end_at) > Date.parse(row.start_at);

/**
 * Rows that an import restores, by table in the order in which they are written, as Postgres shows them in JSON.
 * The rules are those of the API. Other columns of an archive are left out.
 */
export const ARCHIVED_ROWS = {
  workspaces: {
    most: 1,
    row: z.object({
      name: newWorkspace.shape.name.unwrap().nullable().default(null),
      time_zone: newWorkspace.shape.timeZone,
      event_detail: newWorkspace.shape.eventDetail.unwrap(),
      writing: newWorkspace.shape.writing.unwrap(),
    }),
  },
  calendar_hours: {
    most: Quota.hoursTypes * 7,
    row: z.object({ type: hoursTypeSchema, weekday, blocks: hoursInput.shape.blocks }),
  },
  schedule_policies: {
    most: 1,
    row: z.object({
      buffer_minutes: policy.bufferMinutes.unwrap(),
      max_minutes_per_day: z.record(hoursTypeSchema, z.int().nonnegative()),
      freeze_minutes: policy.freezeMinutes.unwrap(),
      granularity_minutes: policy.granularityMinutes.unwrap(),
      days: policy.days.unwrap(),
      free_traits: z.array(z.enum(POLICY_TRAITS)),
    }),
  },
  availability_permits: {
    most: Quota.availabilityPermits,
    row: z.object({ reader_id: workspaceIdSchema, created_at: instant }),
  },
  tasks: {
    most: Quota.tasks,
    row: z
      .object({
        id,
        title: task.title,
        priority: task.priority.unwrap(),
        duration_minutes: task.durationMinutes,
        done_minutes: task.doneMinutes.unwrap(),
        done_stated_at: instant,
        splittable: switchSchema,
        min_chunk_minutes: task.minChunkMinutes.unwrap(),
        max_chunk_minutes: task.maxChunkMinutes.unwrap(),
        earliest_start: instant.nullable(),
        deadline: instant.nullable(),
        hours: hoursTypeSchema,
        auto_schedule: switchSchema,
        status: z.enum(TASK_STATUSES),
        source_ref: z.string().max(200).nullable(),
        created_at: instant,
      })
      .refine((row) => row.min_chunk_minutes <= row.max_chunk_minutes, {
        path: ['min_chunk_minutes'],
        error: 'must not be longer than the longest block',
      }),
  },
  task_dependencies: {
    most: Quota.tasks * Quota.dependencies,
    row: z.object({ task_id: id, after_task_id: id }),
  },
  declined_slots: {
    most: MOST_BLOCKS,
    row: z
      .object({ task_id: id, start_at: instant, end_at: instant, created_at: instant })
      .refine(endsLater, ENDS_LATER),
  },
  habits: {
    most: Quota.habits,
    row: z
      .object({
        id,
        title: habit.title,
        priority: habit.priority.unwrap(),
        rrule: habit.rrule,
        start_date: dateSchema,
        duration_minutes: habit.durationMinutes,
        min_minutes: habit.minMinutes.unwrap(),
        ideal_time: habit.idealTime.unwrap(),
        preference: habit.preference.unwrap(),
        hours: hoursTypeSchema,
        after_habit_id: id.nullable(),
        before_habit_id: id.nullable(),
        auto_schedule: switchSchema,
        created_at: instant,
      })
      .refine((row) => row.min_minutes <= row.duration_minutes, {
        path: ['min_minutes'],
        error: 'must not be longer than the duration',
      }),
  },
  habit_skips: {
    most: Quota.habits * Quota.skips,
    row: z.object({ habit_id: id, day: dateSchema, created_at: instant }),
  },
  scheduled_blocks: {
    most: MOST_BLOCKS,
    row: z
      .object({
        id,
        kind: blockSchema.shape.kind,
        task_id: id.nullable(),
        habit_id: id.nullable(),
        habit_day: dateSchema.nullable(),
        start_at: instant,
        end_at: instant,
        chunk_index: minutesSchema(1, MAX_TASK_MINUTES),
        chunk_of: minutesSchema(1, MAX_TASK_MINUTES),
        pinned_because: blockSchema.shape.pinnedBecause,
        status: blockSchema.shape.status,
        created_at: instant,
      })
      .refine(endsLater, ENDS_LATER)
      .refine((row) => row.chunk_index <= row.chunk_of, {
        path: ['chunk_index'],
        error: 'must not be greater than chunk_of',
      })
      .refine(
        (row) =>
          row.kind === 'task'
            ? row.habit_id === null && row.habit_day === null
            : row.task_id === null && row.habit_day !== null,
        { path: ['kind'], error: 'must fit its task or habit' },
      ),
  },
} as const;

export type RestoredTable = keyof typeof ARCHIVED_ROWS;
export type ArchivedRows = { [Table in RestoredTable]: z.output<(typeof ARCHIVED_ROWS)[Table]['row']>[] };
