import { CsvError, parse } from 'csv-parse/sync';
import { DomainError, ErrorCode } from '../errors.ts';

/** An error in a row of a file. */
export interface RowProblem {
  /**
   * Number of the row: in a CSV file, its first line; in a JSON file, its position among the tasks, from 1.
   */
  row: number;
  /** Null: the error concerns the whole row. */
  field: string | null;
  /** Allowed values. Never repeats a value. */
  rule: string;
}

/** A file of tasks has errors. Nothing was imported. */
export class TaskFileError extends DomainError {
  readonly code = ErrorCode.invalidInput;
  readonly problems: readonly RowProblem[];

  constructor(format: TaskFileFormat, problems: readonly RowProblem[]) {
    const lines = problems.map(
      ({ row, field, rule }) => `${format === 'csv' ? 'line' : 'task'} ${row}: ${field ?? 'it'} ${rule}.`,
    );
    super(['Nothing was imported:', ...lines].join('\n'));
    this.problems = problems;
  }
}

export type TaskFileFormat = 'csv' | 'json';

interface TaskRow {
  row: number;
  /** Values by field; empty cells of a CSV file are absent. */
  values: Record<string, unknown>;
}

const NUMBERS = new Set(['durationMinutes', 'doneMinutes', 'minChunkMinutes', 'maxChunkMinutes']);
const SWITCHES = new Set(['splittable', 'autoSchedule']);
const SWITCH_VALUES: Record<string, boolean> = { true: true, yes: true, false: false, no: false };

/**
 * Reads the rows of a task file. CSV begins with a line of field names; `after` holds IDs separated by spaces
 * or semicolons. JSON is a list of tasks, or an object with a list `tasks`.
 * @throws TaskFileError when the file has neither form.
 */
export function readTaskRows(text: string, format: TaskFileFormat): TaskRow[] {
  return format === 'csv' ? readCsv(text) : readJson(text);
}

function readCsv(text: string): TaskRow[] {
  try {
    const rows: { record: Record<string, string>; info: { lines: number } }[] = parse(text, {
      bom: true,
      columns: (names: string[]) => names.map((name) => name.trim()),
      info: true,
      skip_empty_lines: true,
      trim: true,
    });
    return rows.map(({ record, info }) => ({
      row: info.lines,
      values: Object.fromEntries(
        Object.entries(record)
          .filter(([, value]) => value !== '')
          .map(([field, value]) => [field, fromCell(field, value)]),
      ),
    }));
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const row = typeof error['lines'] === 'number' ? error['lines'] : 1;
    throw new TaskFileError('csv', [{ row, field: null, rule: csvRule(error.code) }]);
  }
}

function csvRule(code: string): string {
  if (code.startsWith('CSV_RECORD_INCONSISTENT')) return 'must have as many cells as the first line';
  if (code.startsWith('CSV_QUOTE') || code === 'INVALID_OPENING_QUOTE')
    return 'must close every quotation mark, and double those inside a cell';
  return 'must be CSV with a line of field names first';
}

function fromCell(field: string, value: string): unknown {
  // `Number` would take `0x10` and `1e3`.
  if (NUMBERS.has(field)) return /^\d+$/.test(value) ? Number(value) : Number.NaN;
  if (SWITCHES.has(field)) return SWITCH_VALUES[value.toLowerCase()] ?? value;
  return field === 'after' ? value.split(/[\s;]+/).filter((id) => id !== '') : value;
}

function readJson(text: string): TaskRow[] {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new TaskFileError('json', [{ row: 1, field: null, rule: 'must be valid JSON' }]);
  }
  const list = isObject(parsed) ? parsed['tasks'] : parsed;
  if (!Array.isArray(list))
    throw new TaskFileError('json', [
      { row: 1, field: null, rule: 'must be in a list, or in a list `tasks` of an object' },
    ]);
  return list.map((values: unknown, index) => {
    if (isObject(values)) return { row: index + 1, values };
    throw new TaskFileError('json', [{ row: index + 1, field: null, rule: 'must be an object' }]);
  });
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
