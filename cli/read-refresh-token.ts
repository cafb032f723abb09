import type { Variables } from '../client/environment.ts';
import { InvalidInputError } from '../services/errors.ts';
import { FROM_STANDARD_INPUT, readLine } from './read-line.ts';

/** Refresh token from the option, from standard input if the option is `-`, or from the environment. */
export async function readRefreshToken(option: string | undefined, variables: Variables): Promise<string> {
  if (option === FROM_STANDARD_INPUT) return readLine('refresh token');
  const token = option ?? variables['ALMANAC_REFRESH_TOKEN'];
  if (token) return token;
  throw new InvalidInputError(
    'refreshToken',
    'must be given: use --refresh-token - for standard input, or set ALMANAC_REFRESH_TOKEN',
  );
}
