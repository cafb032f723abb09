import { createTokenCipher } from '../services/google/token-cipher.ts';
import { requireVariables } from '../client/environment.ts';
import { rotateKeys } from '../services/keys/rotate-keys.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { printHint, printJson, printLine } from '../terminal/output.ts';

/** Body of `almanac encryption-key rotate`. Exit code 1 if a token is still encrypted with another key. */
export async function runRotation({ json, database, variables }: CommandContext): Promise<number> {
  const { TOKEN_ENCRYPTION_KEY: keys } = requireVariables(variables, 'TOKEN_ENCRYPTION_KEY', 'DATABASE_URL');
  const rotation = await rotateKeys({
    database: await database(),
    tokenCipher: createTokenCipher(keys),
    onProgress: ({ sealed, total }) => printHint(`${sealed} of ${total} encrypted anew`),
  });
  const { keyId, sealed, left, missingKeyIds } = rotation;
  if (json) {
    printJson(rotation);
  } else {
    printLine(`${sealed} rows were encrypted anew with key ${keyId}.`);
    if (left === 0) {
      printLine(
        keys.length > 1
          ? 'No row needs an older key: remove the older keys from TOKEN_ENCRYPTION_KEY and restart every process.'
          : 'No other key is in use.',
      );
    }
  }
  if (left === 0) return ExitCode.ok;
  printHint(
    missingKeyIds.length > 0
      ? `${left} rows are still encrypted with older keys, some with ${missingKeyIds.join(', ')}, which is not in TOKEN_ENCRYPTION_KEY: add it and rotate again, or connect those accounts again.`
      : `${left} rows were encrypted with an older key during the rotation: restart every process with the newest key, then rotate again.`,
  );
  return ExitCode.failed;
}
