import { requireVariables } from '../client/environment.ts';
import { createTokenCipher } from '../services/google/token-cipher.ts';
import type { NotifierContext } from '../services/notifier/notifiers.ts';
import { sendingOf } from '../services/notifier/sending-of.ts';
import type { CommandContext } from './command-context.ts';

/** Dependencies of the commands about notifiers. */
export async function notifierContext({
  variables,
  database,
}: Pick<CommandContext, 'variables' | 'database'>): Promise<NotifierContext> {
  const { TOKEN_ENCRYPTION_KEY, ...environment } = requireVariables(
    variables,
    'TOKEN_ENCRYPTION_KEY',
    'DATABASE_URL',
    'SMTP_URL',
    'SMTP_FROM',
    'NOTIFIER_ALLOWED_NETWORKS',
  );
  return {
    database: await database(),
    tokenCipher: createTokenCipher(TOKEN_ENCRYPTION_KEY),
    sending: sendingOf(environment),
  };
}
