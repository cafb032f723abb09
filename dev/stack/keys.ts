import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { errorCode } from '../error-details.ts';
import { stackPaths } from '../stack-paths.ts';

const ENCRYPTION_KEY_BYTES = 32;
const PASSWORD_BYTES = 18;

const ADMIN_KEY_BYTES = 32;

const keysSchema = z.object({
  tokenEncryptionKey: z.string(),
  postgresPassword: z.string(),
  /** Admin key of the API. Missing in files of older versions. */
  adminKey: z.string().optional(),
});
type StackKeys = Required<z.infer<typeof keysSchema>>;

/** Keys of this folder's stack. Made once and kept, because they decrypt the stored tokens. */
export function loadKeys(directory: string): StackKeys {
  const { keysFile } = stackPaths(directory);
  const known = readKeys(keysFile);
  const keys = {
    tokenEncryptionKey: known?.tokenEncryptionKey ?? randomBytes(ENCRYPTION_KEY_BYTES).toString('base64'),
    postgresPassword: known?.postgresPassword ?? randomBytes(PASSWORD_BYTES).toString('base64url'),
    adminKey: known?.adminKey ?? randomBytes(ADMIN_KEY_BYTES).toString('hex'),
  };
  if (known?.adminKey === undefined) {
    writeFileSync(keysFile, JSON.stringify(keys, null, 2), { mode: 0o600, flag: known ? 'w' : 'wx' });
  }
  return keys;
}

function readKeys(keysFile: string): z.infer<typeof keysSchema> | null {
  try {
    return keysSchema.parse(JSON.parse(readFileSync(keysFile, 'utf8')));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    throw new Error(`${keysFile} is damaged: run \`npm start -- --reset\` to begin anew.`, { cause: error });
  }
}
