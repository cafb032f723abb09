import { createTokenCipher } from '../../activities/google/token-cipher.ts';
import { addAccount } from '../../client/accounts.ts';
import { AlreadyExistsError } from '../../client/errors.ts';
import { createWorkspace } from '../../client/workspaces.ts';
import type { Database } from '../../prisma/client.ts';
import { SAMPLE_WORKSPACES, sampleRefreshToken } from './sample-workspaces.ts';

/** Creates the sample workspaces that do not exist and connects their accounts, as the command line does. */
export async function connectSamples(database: Database, encryptionKey: string): Promise<void> {
  const tokenCipher = createTokenCipher(encryptionKey.split(',').map((key) => key.trim()));
  for (const { id, timeZone, accounts } of SAMPLE_WORKSPACES) {
    try {
      await createWorkspace(database, { id, timeZone });
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
    for (const { email } of accounts) {
      const account = { workspaceId: id, email, refreshToken: sampleRefreshToken(email) };
      await addAccount({ database, tokenCipher }, account);
    }
  }
}
