import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidInputError } from '../services/errors.ts';

const STANDARD_INPUT = '-';

/**
 * The text of a file that a command was given, `-` for standard input.
 * @throws InvalidInputError naming `field` when it cannot be read.
 */
export async function readInputFile(path: string, field: string): Promise<string> {
  if (path === STANDARD_INPUT) return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidInputError(field, 'must be a file that can be read, or - for standard input', {
      cause: error,
    });
  }
}
