/** Prints a result for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** Prints a sentence for people. */
export function printLine(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** Progress and hints: on stderr, so that they never mix with a result. */
export function printHint(line: string): void {
  process.stderr.write(`${line}\n`);
}

type Cell = string | number | boolean | null | undefined;

/** Prints rows for people; an empty list as `empty`. */
export async function printTable(heads: string[], rows: Cell[][], empty: string): Promise<void> {
  if (rows.length === 0) return printLine(empty);
  const { default: Table } = await import('cli-table3');
  const table = new Table({ head: heads, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => row.map(cellText)));
  printLine(table.toString());
}

const CONTROL_CHARACTERS = /\p{Cc}+/gu;

/** Control characters in a title must not reach the terminal. */
export function withoutControls(text: string): string {
  return text.replaceAll(CONTROL_CHARACTERS, ' ');
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return withoutControls(String(cell));
}
