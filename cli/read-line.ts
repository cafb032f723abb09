import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { printHint } from '../terminal/output.ts';

/** Value of an option that stands for standard input. */
export const FROM_STANDARD_INPUT = '-';

/** The first line of standard input, which other users of this machine cannot see. Empty: there is none. */
export async function readLine(what: string): Promise<string> {
  if (process.stdin.isTTY) printHint(`Paste the ${what}, then press Enter:`);
  const lines = createInterface({ input: process.stdin });
  const line = once(lines, 'line').then(([text]) => String(text));
  const end = once(lines, 'close').then(() => '');
  const text = await Promise.race([line, end]);
  lines.close();
  return text;
}
