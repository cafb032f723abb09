import { CodeChallengeMethod } from 'google-auth-library';
import { z } from 'zod';
import { NotFoundError } from '../errors.ts';
import { accountIdSchema, parseInput, workspaceIdSchema } from '../input.ts';
import { requireWorkspace } from '../workspaces.ts';
import { type AttemptStore, storeAttempt } from './connect-attempts.ts';
import { createOAuthClient, type OAuthClientSettings } from './oauth-client.ts';
import { REQUIRED_SCOPES } from './scopes.ts';

const LOOPBACK_HOSTS = ['127.0.0.1', '[::1]'];

/** Where Google may send the browser back to: the code in it must not cross a network in the clear. */
function isSafeRedirect(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username, password, hash, search } = new URL(uri);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname));
  return encrypted && username + password + hash + search === '';
}

const beginSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** Who asks, in words that only they know: a session or a process. They alone can complete it. */
  caller: z.string().min(16, 'must have at least 16 characters').max(256, 'must have at most 256 characters'),
  redirectUri: z
    .string()
    .refine(isSafeRedirect, 'must be an https URL, or http on 127.0.0.1, without user, query and fragment'),
  /** Connect this account again, and no other. */
  accountId: accountIdSchema.optional(),
});

export interface ConnectionContext extends AttemptStore {
  oauth: OAuthClientSettings;
}

interface BegunConnection {
  /** Where the user consents. */
  url: string;
  expiresAt: string;
}

/**
 * Begins to connect an account: the answer's URL is for the user's browser, and what Google sends back to
 * `redirectUri` is for `completeConnection`.
 * @throws NotFoundError when there is no such workspace or account.
 */
export async function beginConnection(
  context: ConnectionContext,
  input: z.input<typeof beginSchema>,
): Promise<BegunConnection> {
  const { workspaceId, caller, redirectUri, accountId = null } = parseInput(beginSchema, input);
  await requireWorkspace(context.database, workspaceId);
  const known =
    accountId === null
      ? null
      : await context.database.calendarAuthToken.findFirst({
          where: { id: accountId, workspaceId },
          select: { email: true },
        });
  if (accountId !== null && known === null) {
    throw new NotFoundError(
      `Workspace ${workspaceId} has no account ${accountId}: \`almanac account list ${workspaceId}\`.`,
    );
  }
  const client = createOAuthClient(context.oauth, redirectUri);
  const { codeVerifier, codeChallenge } = await client.generateCodeVerifierAsync();
  const attempt = { workspaceId, accountId, redirectUri, codeVerifier };
  const { state, expiresAt } = await storeAttempt(context, caller, attempt);
  const url = client.generateAuthUrl({
    access_type: 'offline',
    // Without it Google gives a refresh token with the first consent only.
    prompt: 'consent',
    scope: [...REQUIRED_SCOPES],
    state,
    code_challenge: codeChallenge ?? '',
    code_challenge_method: CodeChallengeMethod.S256,
    ...(known !== null && { login_hint: known.email }),
  });
  return { url, expiresAt: expiresAt.toISOString() };
}
