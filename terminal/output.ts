/** Characters that a terminal may take for a command, or that reorder text. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Colours and line breaks, which Almanac itself prints. */
// oxlint-disable-next-line no-control-regex -- colours are control characters
const OWN = /(\u001b\[[\d;]*m|\n)/;
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
const INVISIBLE = /\p{Cf}+/gu;

/** Escapes control characters, so that text from elsewhere cannot control the terminal. */
export function withoutControls(text: string): string {
  return text.replaceAll(INVISIBLE, '').replaceAll(BREAKS, ' ');
}

/** The same for output that Almanac composed: line breaks and colours stay. */
export function toTerminal(text: string): string {
  return text
    .split(OWN)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(UNPRINTABLE, ' ')))
    .join('');
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Equivalent JSON with escapes for characters that could control the terminal. */
export function toJson(value: unknown, indent?: number): string {
  // Line breaks here are only those between values: JSON escapes those in strings.
  return JSON.stringify(value, null, indent).replaceAll(UNPRINTABLE, (character) =>
    character === '\n' ? character : character.split('').map(escapeUnit).join(''),
  );
}

/** Prints a result as JSON on stdout. */
export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value, 2)}\n`);
}

/** Prints a line of text on stdout. */
export function printLine(line: string): void {
  process.stdout.write(`${toTerminal(line)}\n`);
}

/** Prints progress or a hint on stderr, apart from the result. */
export function printHint(line: string): void {
  process.stderr.write(`${toTerminal(line)}\n`);
}

type Cell = string | number | boolean | null | undefined;

/** Prints a table on stdout; `empty` if there are no rows. */
export async function printTable(heads: string[], rows: Cell[][], empty: string): Promise<void> {
  if (rows.length === 0) return printLine(empty);
  const { default: Table } = await import('cli-table3');
  const table = new Table({ head: heads, style: { head: [], border: [], compact: true } });
  table.push(...rows.map((row) => row.map(cellText)));
  printLine(table.toString());
}

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return withoutControls(String(cell));
}
