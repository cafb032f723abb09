import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { InvalidInputError } from '../services/errors.ts';

const STANDARD_INPUT = '-';

/**
 * Text of a file named by an argument; `-` is standard input.
 * @throws InvalidInputError naming `field` if the file cannot be read
 */
export async function readInputFile(path: string, field: string): Promise<string> {
  if (path === STANDARD_INPUT) return text(process.stdin);
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    throw new InvalidInputError(field, 'must be a readable file, or - for standard input', {
      cause: error,
    });
  }
}
