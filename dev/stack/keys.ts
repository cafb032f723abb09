import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { errorCode } from '../error-details.ts';
import { stackPaths } from '../stack-paths.ts';

const ENCRYPTION_KEY_BYTES = 32;
const PASSWORD_BYTES = 18;

const keysSchema = z.object({ tokenEncryptionKey: z.string(), postgresPassword: z.string() });
type StackKeys = z.infer<typeof keysSchema>;

/** The keys of this folder's stack, made on first use: what they have sealed has to stay readable. */
export function loadKeys(directory: string): StackKeys {
  const { keysFile } = stackPaths(directory);
  try {
    return keysSchema.parse(JSON.parse(readFileSync(keysFile, 'utf8')));
  } catch (error) {
    if (errorCode(error) !== 'ENOENT')
      throw new Error(`${keysFile} is damaged: start with --reset, which begins anew.`, { cause: error });
  }
  const keys = {
    tokenEncryptionKey: randomBytes(ENCRYPTION_KEY_BYTES).toString('base64'),
    postgresPassword: randomBytes(PASSWORD_BYTES).toString('base64url'),
  };
  writeFileSync(keysFile, JSON.stringify(keys, null, 2), { mode: 0o600, flag: 'wx' });
  return keys;
}
