import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { AlreadyExistsError } from '../../services/errors.ts';
import { importAccount } from '../../services/accounts/import-account.ts';
import { oauthClientSettings } from '../../services/oauth/oauth-client.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { parseEnvironment } from '../../contracts/environment.ts';
import type { Database } from '../../prisma/client.ts';
import type { StackEnvironment } from '../stack-file.ts';
import { SAMPLE_WORKSPACES, sampleRefreshToken } from './sample-workspaces.ts';

/** Creates the sample workspaces that do not exist and connects their accounts, as the command line does. */
export async function connectSamples(database: Database, variables: StackEnvironment): Promise<void> {
  const environment = parseEnvironment(variables);
  const tokenCipher = createTokenCipher(environment.TOKEN_ENCRYPTION_KEY);
  const oauth = oauthClientSettings(environment);
  for (const { id, timeZone, accounts } of SAMPLE_WORKSPACES) {
    try {
      await createWorkspace(database, { id, timeZone });
    } catch (error) {
      if (!(error instanceof AlreadyExistsError)) throw error;
    }
    for (const { email } of accounts) {
      const account = { workspaceId: id, email, refreshToken: sampleRefreshToken(email) };
      await importAccount({ database, tokenCipher, oauth }, account);
    }
  }
}
