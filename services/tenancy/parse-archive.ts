import type { z } from 'zod';
import { InvalidInputError } from '../errors.ts';
import { findCircle } from '../planning/find-circle.ts';
import { ARCHIVED_ROWS, type ArchivedRows, type RestoredTable } from './archived-rows.ts';
import { memberOf } from './archive-manifest.ts';

export const RESTORED_TABLES = Object.keys(ARCHIVED_ROWS) as RestoredTable[];

/**
 * Parses the rows that an import restores, and checks what they say about each other.
 * @throws InvalidInputError naming the file, the line and the field.
 */
export function parseArchive(lines: ReadonlyMap<string, readonly string[]>): ArchivedRows {
  const rows = Object.fromEntries(
    RESTORED_TABLES.map((table) => [table, parseTable(table, lines.get(table) ?? [])]),
  ) as ArchivedRows;
  if (rows.workspaces.length !== 1) throw malformed('workspaces', 'must have one line');
  const tasks = new Set(rows.tasks.map(({ id }) => id));
  const habits = new Set(rows.habits.map(({ id }) => id));
  requireKnown('task_dependencies', rows.task_dependencies, ['task_id', 'after_task_id'], tasks);
  requireKnown('declined_slots', rows.declined_slots, ['task_id'], tasks);
  requireKnown('habits', rows.habits, ['after_habit_id', 'before_habit_id'], habits);
  requireKnown('habit_skips', rows.habit_skips, ['habit_id'], habits);
  requireKnown('scheduled_blocks', rows.scheduled_blocks, ['task_id'], tasks);
  requireKnown('scheduled_blocks', rows.scheduled_blocks, ['habit_id'], habits);
  const dependencies = rows.task_dependencies.map((row) => [row.task_id, row.after_task_id] as const);
  requireNoCircle('task_dependencies', dependencies);
  requireNoCircle(
    'habits',
    rows.habits.flatMap(({ id, after_habit_id: after, before_habit_id: before }) => [
      ...(after === null ? [] : [[id, after] as const]),
      ...(before === null ? [] : [[before, id] as const]),
    ]),
  );
  return rows;
}

function malformed(table: RestoredTable, rule: string, line?: number): InvalidInputError {
  return new InvalidInputError(`${memberOf(table)}${line === undefined ? '' : `:${line}`}`, rule);
}

function parseTable(table: RestoredTable, lines: readonly string[]): unknown[] {
  const { most, row } = ARCHIVED_ROWS[table];
  if (lines.length > most) throw malformed(table, `must have at most ${most} lines`);
  return lines.map((line, index) => {
    const parsed = (row as z.ZodType).safeParse(jsonOf(line));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw malformed(
      table,
      `${issue?.path.join('.') || 'row'} ${issue?.message ?? 'is malformed'}`,
      index + 1,
    );
  });
}

/** Undefined where it is not JSON, which no row may be. */
function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function requireKnown<Row extends object>(
  table: RestoredTable,
  rows: readonly Row[],
  fields: readonly (keyof Row & string)[],
  known: ReadonlySet<string>,
): void {
  rows.forEach((row, index) => {
    for (const field of fields) {
      const named = row[field] as string | null;
      if (named !== null && !known.has(named))
        throw malformed(table, `${field} must be in the archive`, index + 1);
    }
  });
}

/** Follows only what a circle may be on: whatever waits for nothing is taken away, round by round. */
function requireNoCircle(table: RestoredTable, edges: readonly (readonly [string, string])[]): void {
  const after = new Map<string, string[]>();
  for (const [id, other] of edges) after.set(id, [...(after.get(id) ?? []), other]);
  for (let removed = true; removed;) {
    removed = false;
    for (const [id, others] of after) {
      const left = others.filter((other) => after.has(other));
      removed ||= left.length < others.length || left.length === 0;
      if (left.length === 0) after.delete(id);
      else after.set(id, left);
    }
  }
  const [id] = after.keys();
  if (id === undefined) return;
  const circle = [...after.keys()].map((one) => findCircle(one, after)).find((found) => found !== null);
  throw malformed(table, `must not wait in a circle: ${(circle ?? [id]).join(' after ')}`);
}
