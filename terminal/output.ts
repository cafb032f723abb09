/** Everything that a terminal might take for a command, or that changes the order of what is read. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;
/** Our own colours, and the breaks between our own lines. */
// oxlint-disable-next-line no-control-regex -- colours are control characters
const OWN = /(\u001b\[[\d;]*m|\n)/;
const BREAKS = /[\p{Cc}\u2028\u2029]+/gu;
const INVISIBLE = /\p{Cf}+/gu;

/** Text of others must not steer the terminal. */
export function withoutControls(text: string): string {
  return text.replaceAll(INVISIBLE, '').replaceAll(BREAKS, ' ');
}

/** The same for what we have put together: line breaks and colours stay. */
export function toTerminal(text: string): string {
  return text
    .split(OWN)
    .map((part, index) => (index % 2 === 1 ? part : part.replaceAll(UNPRINTABLE, ' ')))
    .join('');
}

const escapeUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** JSON that says the same, with escapes in place of what would steer a terminal. */
export function toJson(value: unknown, indent?: number): string {
  // Line breaks are those between the values: in strings they are escaped already.
  return JSON.stringify(value, null, indent).replaceAll(UNPRINTABLE, (character) =>
    character === '\n' ? character : character.split('').map(escapeUnit).join(''),
  );
}

/** Prints a result for programs. */
export function printJson(value: unknown): void {
  process.stdout.write(`${toJson(value, 2)}\n`);
}

/** Prints a sentence for people. */
export function printLine(line: string): void {
  process.stdout.write(`${toTerminal(line)}\n`);
}

/** Progress and hints: on stderr, so that they never mix with a result. */
export function printHint(line: string): void {
  process.stderr.write(`${toTerminal(line)}\n`);
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

function cellText(cell: Cell): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return withoutControls(String(cell));
}
