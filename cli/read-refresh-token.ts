import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Variables } from '../client/environment.ts';
import { InvalidInputError } from '../services/errors.ts';
import { printHint } from '../terminal/output.ts';

const FROM_STANDARD_INPUT = '-';

/** Refresh token from the option, from standard input if the option is `-`, or from the environment. */
export async function readRefreshToken(option: string | undefined, variables: Variables): Promise<string> {
  if (option === FROM_STANDARD_INPUT) return readLine();
  const token = option ?? variables['ALMANAC_REFRESH_TOKEN'];
  if (token) return token;
  throw new InvalidInputError(
    'refreshToken',
    'must be given: use --refresh-token - for standard input, or set ALMANAC_REFRESH_TOKEN',
  );
}

async function readLine(): Promise<string> {
  if (process.stdin.isTTY) printHint('Paste the refresh token, then press Enter:');
  const lines = createInterface({ input: process.stdin });
  const line = once(lines, 'line').then(([text]) => String(text));
  const end = once(lines, 'close').then(() => '');
  const token = await Promise.race([line, end]);
  lines.close();
  return token;
}
