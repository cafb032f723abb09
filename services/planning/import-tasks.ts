import { z } from 'zod';
import { Quota } from '../../contracts/quotas.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { InvalidInputError } from '../errors.ts';
import { PRINTABLE } from '../input.ts';
import { setDependencies } from './dependencies.ts';
import { lockWorkspace } from './lock-workspace.ts';
import { readTaskRows, type RowProblem, TaskFileError, type TaskFileFormat } from './read-task-rows.ts';
import { taskFields } from './task-fields.ts';
import { insertTask, requireRoomForTasks, updateTask } from './tasks.ts';

const MAX_ID_LENGTH = 200;
const ID_RULE = `must be an ID in the file of at most ${MAX_ID_LENGTH} characters, which identifies the task in later imports`;

const fileId = z
  .string({ error: ID_RULE })
  .trim()
  .min(1, ID_RULE)
  .max(MAX_ID_LENGTH, ID_RULE)
  .regex(PRINTABLE.pattern, PRINTABLE.rule);

/** A row of a file: its ID in the file, and any other fields. */
const rowSchema = taskFields
  .omit({ after: true })
  .partial()
  .extend({
    id: fileId,
    after: z
      .array(fileId, { error: 'must be a list of IDs of tasks' })
      .max(Quota.dependencies, `must name at most ${Quota.dependencies} tasks`)
      .optional(),
  })
  .strict();
type Row = z.output<typeof rowSchema> & { row: number };

interface ImportedTask {
  row: number;
  /** ID of the task in the file. */
  ref: string;
  taskId: string;
  outcome: 'created' | 'changed' | 'unchanged';
}

interface ImportReport {
  created: number;
  changed: number;
  unchanged: number;
  tasks: ImportedTask[];
}

/**
 * Imports tasks from the text of a file: all of them, or none. A task is identified by its ID in the file. A
 * second import changes what differs, and leaves alone the fields that a row omits. `after` names IDs of this
 * file or of an earlier one.
 * @throws TaskFileError naming row and field of every error.
 */
export async function importTasks(
  database: Database,
  workspaceId: string,
  text: string,
  format: TaskFileFormat,
): Promise<ImportReport> {
  const rows = parseRows(text, format);
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    const known = await transaction.task.findMany({
      where: { workspaceId, sourceRef: { not: null } },
      select: { id: true, sourceRef: true, doneMinutes: true },
    });
    const taskIds = new Map(known.map(({ id, sourceRef }) => [sourceRef ?? '', id]));
    const added = rows.filter(({ id }) => !taskIds.has(id)).length;
    await requireRoomForTasks(transaction, workspaceId, added);
    const doneMinutes = new Map(known.map((task) => [task.id, task.doneMinutes]));
    const before = await comparable(transaction, [...taskIds.values()]);
    const tasks: (ImportedTask & { after: string[] | undefined })[] = [];
    const problems: RowProblem[] = [];
    for (const { row, id: ref, after, ...fields } of rows) {
      try {
        const knownId = taskIds.get(ref);
        // A repeated figure is no new report: minutes worked since the last one still count on top of it.
        if (knownId && fields.doneMinutes === doneMinutes.get(knownId)) delete fields.doneMinutes;
        const task = knownId
          ? await updateTask(transaction, workspace, knownId, fields)
          : await insertTask(transaction, workspace, requireNew(fields), { sourceRef: ref });
        taskIds.set(ref, task.id);
        tasks.push({ row, ref, taskId: task.id, outcome: knownId ? 'unchanged' : 'created', after });
      } catch (error) {
        problems.push(toProblem(row, error));
      }
    }
    // A row may depend on a later one, so dependencies are set when all tasks exist.
    if (problems.length === 0) {
      for (const { row, taskId, after } of tasks) {
        if (after === undefined) continue;
        const missing = after.find((ref) => !taskIds.has(ref));
        try {
          if (missing !== undefined)
            throw new InvalidInputError(
              'after',
              `names "${missing}", which is not a task of this or an earlier import`,
            );
          await setDependencies(
            transaction,
            workspaceId,
            taskId,
            after.map((ref) => taskIds.get(ref) ?? ref),
          );
        } catch (error) {
          problems.push(toProblem(row, error));
        }
      }
    }
    if (problems.length > 0) throw new TaskFileError(format, problems);
    const now = await comparable(transaction, [...before.keys()]);
    return toReport(
      tasks.map(({ after: _after, ...task }) =>
        task.outcome === 'unchanged' && before.get(task.taskId) !== now.get(task.taskId)
          ? { ...task, outcome: 'changed' }
          : task,
      ),
    );
  });
}

function parseRows(text: string, format: TaskFileFormat): Row[] {
  const rows: Row[] = [];
  const problems: RowProblem[] = [];
  const seen = new Set<string>();
  for (const { row, values } of readTaskRows(text, format)) {
    const parsed = rowSchema.safeParse(values);
    if (!parsed.success) problems.push(...parsed.error.issues.map((issue) => toRowProblem(row, issue)));
    else if (seen.has(parsed.data.id))
      problems.push({ row, field: 'id', rule: 'must differ from the IDs of earlier rows' });
    else {
      seen.add(parsed.data.id);
      rows.push({ ...parsed.data, row });
    }
  }
  if (problems.length > 0) throw new TaskFileError(format, problems);
  return rows;
}

function toRowProblem(row: number, issue: z.core.$ZodIssue): RowProblem {
  if (issue.code === 'unrecognized_keys')
    return {
      row,
      field: issue.keys.join(', '),
      rule: `is not a field of a task: the fields are ${FIELDS.join(', ')}`,
    };
  return { row, field: issue.path.join('.') || null, rule: issue.message };
}

const FIELDS = Object.keys(rowSchema.shape);

function toProblem(row: number, error: unknown): RowProblem {
  if (error instanceof InvalidInputError) return { row, field: error.field, rule: error.rule };
  throw error;
}

function requireNew({ title, durationMinutes, ...fields }: Omit<Row, 'row' | 'id' | 'after'>) {
  if (title === undefined) throw new InvalidInputError('title', 'must be given for a new task');
  if (durationMinutes === undefined)
    throw new InvalidInputError('durationMinutes', 'must be given for a new task');
  return { ...fields, title, durationMinutes };
}

/** Tasks as text, which is equal if nothing has changed. */
async function comparable(transaction: Transaction, ids: string[]): Promise<Map<string, string>> {
  const tasks = await transaction.task.findMany({
    where: { id: { in: ids } },
    omit: { updatedAt: true, doneStatedAt: true },
    include: { after: { select: { afterTaskId: true }, orderBy: { afterTaskId: 'asc' } } },
  });
  return new Map(tasks.map((task) => [task.id, JSON.stringify(task)]));
}

function toReport(tasks: ImportedTask[]): ImportReport {
  const count = (outcome: ImportedTask['outcome']) => tasks.filter((task) => task.outcome === outcome).length;
  return { created: count('created'), changed: count('changed'), unchanged: count('unchanged'), tasks };
}
