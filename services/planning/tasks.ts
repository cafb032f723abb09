import { z } from 'zod';
import { PRIORITIES } from '../../contracts/limits.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import type { Task } from '../../prisma/generated/client.ts';
import { InvalidInputError, NotInWorkspaceError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from '../pages.ts';
import { requireRoom } from '../quota.ts';
import { instant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { definedOnly } from '../defined-only.ts';
import { setDependencies } from './dependencies.ts';
import { formatInstant } from '../../contracts/instants.ts';
import { taskIdSchema, toMoment } from './fields.ts';
import { requireHoursType } from './hours-types.ts';
import { lockWorkspace } from './lock-workspace.ts';
import { IN_ORDER_OF_MAKING, type Made, madeAfter, madeOf } from './order-of-making.ts';
import { chunkLimits, newTask, type NewTask, taskChanges, type TaskChanges } from './task-fields.ts';

export const TASK_STATUSES = ['open', 'done'] as const;

export const taskSchema = z.object({
  id: uuid('the task'),
  workspaceId: z.string(),
  title: z.string(),
  priority: z.enum(PRIORITIES),
  durationMinutes: z.int(),
  doneMinutes: z.int(),
  splittable: z.boolean(),
  minChunkMinutes: z.int(),
  maxChunkMinutes: z.int(),
  earliestStart: instant.nullable(),
  deadline: instant.nullable(),
  hours: z.string().describe('Type of hours for its blocks'),
  after: z.array(z.string()).describe('Tasks that have to end first'),
  autoSchedule: z.boolean().describe('Whether the planner places it'),
  status: z.enum(TASK_STATUSES),
  sourceRef: z.string().nullable().describe('ID in the file it was imported from'),
});
export type TaskSummary = z.infer<typeof taskSchema>;

const WITH_AFTER = { after: { select: { afterTaskId: true }, orderBy: { afterTaskId: 'asc' } } } as const;

/** @throws InvalidInputError naming the malformed field. */
export async function createTask(
  database: Database,
  workspaceId: string,
  input: NewTask,
): Promise<TaskSummary> {
  const fields = parseInput(newTask, input);
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    await requireRoomForTasks(transaction, workspaceId);
    return insertTask(transaction, workspace, fields);
  });
}

/**
 * Checks the quota of tasks. The workspace has to be locked.
 * @throws QuotaExceededError when `added` more tasks would exceed it.
 */
export async function requireRoomForTasks(
  transaction: Transaction,
  workspaceId: string,
  added = 1,
): Promise<void> {
  const count = await transaction.task.count({ where: { workspaceId } });
  requireRoom('tasks in a workspace', Quota.tasks, { count, added });
}

/** As `createTask`, with the workspace locked and the fields parsed. */
export async function insertTask(
  transaction: Transaction,
  workspace: { id: string; timeZone: string },
  { after = [], ...fields }: NewTask,
  { sourceRef = null, taskId }: { sourceRef?: string | null; taskId?: string } = {},
): Promise<TaskSummary> {
  const now = await readClock(transaction);
  const data = { ...toColumns(fields, workspace.timeZone, now), ...chunkLimits(fields) };
  await checkTask(transaction, workspace.id, data);
  const { id } = await transaction.task.create({
    data: {
      ...data,
      title: fields.title,
      durationMinutes: fields.durationMinutes,
      ...(taskId !== undefined && { id: taskId }),
      workspaceId: workspace.id,
      sourceRef,
    },
  });
  if (after.length > 0) await setDependencies(transaction, workspace.id, id, after);
  return loadTask(transaction, workspace.id, id);
}

/**
 * Changes the given fields of a task.
 * @throws NotFoundError when the workspace has no such task.
 */
export async function changeTask(
  database: Database,
  workspaceId: string,
  taskId: string,
  input: TaskChanges,
): Promise<TaskSummary> {
  const changes = parseInput(taskChanges, input);
  const id = parseInput(taskIdSchema, taskId, 'task');
  return lockWorkspace(database, workspaceId, (transaction, workspace) =>
    updateTask(transaction, workspace, id, changes),
  );
}

/** As `changeTask`, with the workspace locked and the fields parsed. */
export async function updateTask(
  transaction: Transaction,
  workspace: { id: string; timeZone: string },
  id: string,
  { after, ...changes }: TaskChanges,
): Promise<TaskSummary> {
  const task = await loadTask(transaction, workspace.id, id);
  const data = toColumns(changes, workspace.timeZone, await readClock(transaction));
  await checkTask(transaction, workspace.id, { ...task, ...definedOnly(data) });
  await transaction.task.update({ where: { id }, data });
  if (after !== undefined) await setDependencies(transaction, workspace.id, id, after);
  return loadTask(transaction, workspace.id, id);
}

/** Marks a task as done, or as open again. The next applied plan removes the future blocks of a done task. */
export async function setTaskDone(
  database: Database,
  workspaceId: string,
  taskId: string,
  done: boolean,
): Promise<TaskSummary> {
  await requireWorkspace(database, workspaceId);
  const id = parseInput(taskIdSchema, taskId, 'task');
  await loadTask(database, workspaceId, id);
  await database.task.update({ where: { id }, data: { status: done ? 'done' : 'open' } });
  return loadTask(database, workspaceId, id);
}

/** Deletes a task and the dependencies on it. The next applied plan removes its future blocks. */
export async function removeTask(database: Database, workspaceId: string, taskId: string): Promise<void> {
  await requireWorkspace(database, workspaceId);
  const id = parseInput(taskIdSchema, taskId, 'task');
  const { count } = await database.task.deleteMany({ where: { id, workspaceId } });
  if (count === 0) throw new NotInWorkspaceError(workspaceId, 'task', id);
}

/** @throws NotFoundError when the workspace has no such task. */
export async function readTask(
  database: Database,
  workspaceId: string,
  taskId: string,
): Promise<TaskSummary> {
  await requireWorkspace(database, workspaceId);
  return loadTask(database, workspaceId, parseInput(taskIdSchema, taskId, 'task'));
}

interface TaskFilter {
  /** Whether done tasks are included. Default: no. */
  all?: boolean | undefined;
}

/** One page of the open tasks, or of all, in order of creation. */
export async function pageOfTasks(
  database: Database,
  workspaceId: string,
  { all = false, ...request }: TaskFilter & PageRequest<Made>,
): Promise<Page<TaskSummary, Made>> {
  await requireWorkspace(database, workspaceId);
  const { rows, ...page } = await readPage(
    request,
    (after, take) =>
      database.task.findMany({
        where: { workspaceId, ...(!all && { status: 'open' }), ...madeAfter(after) },
        include: WITH_AFTER,
        orderBy: IN_ORDER_OF_MAKING,
        take,
      }),
    madeOf,
  );
  return { ...page, rows: rows.map(toSummary) };
}

/** Rows of every page of `pageOfTasks`. */
export async function listTasks(
  database: Database,
  workspaceId: string,
  filter: TaskFilter = {},
): Promise<TaskSummary[]> {
  return readAllPages((page: PageRequest<Made>) =>
    pageOfTasks(database, workspaceId, { ...filter, ...page }),
  );
}

async function loadTask(
  database: Database | Transaction,
  workspaceId: string,
  id: string,
): Promise<TaskSummary> {
  const task = await database.task.findFirst({ where: { id, workspaceId }, include: WITH_AFTER });
  if (task === null) throw new NotInWorkspaceError(workspaceId, 'task', id);
  return toSummary(task);
}

function toColumns(
  { earliestStart, deadline, doneMinutes, ...fields }: Omit<TaskChanges, 'after'>,
  timeZone: string,
  now: Date,
) {
  return {
    ...fields,
    // The user's report of minutes done is valid from this time.
    ...(doneMinutes !== undefined && { doneMinutes, doneStatedAt: now }),
    ...(earliestStart !== undefined && {
      earliestStart: earliestStart && toMoment(earliestStart, timeZone, 'start'),
    }),
    ...(deadline !== undefined && { deadline: deadline && toMoment(deadline, timeZone, 'end') }),
  };
}

async function checkTask(
  transaction: Transaction,
  workspaceId: string,
  task: { minChunkMinutes: number; maxChunkMinutes: number; hours?: string },
): Promise<void> {
  if (task.minChunkMinutes > task.maxChunkMinutes)
    throw new InvalidInputError('minChunkMinutes', 'must not be longer than the longest block');
  if (task.hours !== undefined) await requireHoursType(transaction, workspaceId, task.hours);
}

function toSummary({
  earliestStart,
  deadline,
  after,
  createdAt: _createdAt,
  updatedAt: _updatedAt,
  doneStatedAt: _doneStatedAt,
  ...task
}: Task & { after: { afterTaskId: string }[] }): TaskSummary {
  return {
    ...(task as Pick<TaskSummary, keyof typeof task>),
    earliestStart: earliestStart && formatInstant(earliestStart.getTime()),
    deadline: deadline && formatInstant(deadline.getTime()),
    after: after.map(({ afterTaskId }) => afterTaskId),
  };
}
