import { createTokenCipher } from '../services/google/token-cipher.ts';
import { requireVariables } from '../client/environment.ts';
import { rotateKeys } from '../services/keys/rotate-keys.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { printHint, printJson, printLine } from '../terminal/output.ts';

/** Body of `almanac keys rotate`. Exit code 1 where a token is still under another key. */
export async function runRotation({ json, database, variables }: CommandContext): Promise<number> {
  const { TOKEN_ENCRYPTION_KEY: keys } = requireVariables(variables, 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL');
  const rotation = await rotateKeys({
    database: await database(),
    tokenCipher: createTokenCipher(keys),
    onProgress: ({ sealed, total }) => printHint(`${sealed} of ${total} sealed anew`),
  });
  const { keyId, sealed, left, missingKeyIds } = rotation;
  if (json) {
    printJson(rotation);
  } else {
    printLine(`${sealed} rows were sealed anew with the key ${keyId}.`);
    if (left === 0) {
      printLine(
        keys.length > 1
          ? 'Every older key can be removed from TOKEN_ENCRYPTION_KEY: restart everything without it.'
          : 'No other key is in use.',
      );
    }
  }
  if (left === 0) return ExitCode.ok;
  printHint(
    missingKeyIds.length > 0
      ? `${left} rows stay under older keys, some under ${missingKeyIds.join(', ')}, which is not in TOKEN_ENCRYPTION_KEY: add it and rotate again, or connect those accounts again.`
      : `${left} rows have been sealed with an older key meanwhile: restart every process with the newest key first, then rotate again.`,
  );
  return ExitCode.failed;
}
