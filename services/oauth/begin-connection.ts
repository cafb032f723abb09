import { createHash } from 'node:crypto';
import { CodeChallengeMethod } from 'google-auth-library';
import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { NotInWorkspaceError } from '../errors.ts';
import { accountIdSchema, parseInput, workspaceIdSchema } from '../input.ts';
import { readWriting, requireWorkspace } from '../workspaces.ts';
import {
  type AttemptStore,
  type ConnectAttempt,
  type StoredAttempt,
  storeAttempt,
} from './connect-attempts.ts';
import { createOAuthClient, type OAuthClientSettings } from './oauth-client.ts';
import { scopesToAskFor } from './scopes.ts';

const LOOPBACK_HOSTS = ['127.0.0.1', '[::1]', 'localhost'];

/**
 * Whether Google may redirect the browser to this URI: the code in it must not cross a network unencrypted.
 */
function isSafeRedirect(uri: string): boolean {
  if (!URL.canParse(uri)) return false;
  const { protocol, hostname, username, password, hash, search } = new URL(uri);
  const encrypted = protocol === 'https:' || (protocol === 'http:' && LOOPBACK_HOSTS.includes(hostname));
  return encrypted && username + password + hash + search === '';
}

const beginSchema = z.object({
  workspaceId: workspaceIdSchema,
  /** Secret of the caller, such as a session. Only a caller with this secret can complete the connection. */
  caller: z.string().min(16, 'must have at least 16 characters').max(256, 'must have at most 256 characters'),
  redirectUri: z
    .string()
    .refine(isSafeRedirect, 'must be an https URL, or http on localhost, without user, query and fragment'),
  /** Account to be connected again. Absent: any account. */
  accountId: accountIdSchema.optional(),
  /** URL to which the browser is sent at the end. The caller has checked that it is safe. */
  returnUrl: z.string().optional(),
});
export type BeginInput = z.input<typeof beginSchema>;

export interface ConnectionContext extends AttemptStore {
  oauth: OAuthClientSettings;
  /** Creates a handle for one workspace. Default: `database` is used. */
  bind?: (workspaceId: string) => Database;
}

interface BegunConnection {
  /** URL at which the user consents. */
  url: string;
  expiresAt: string;
}

/**
 * Begins to connect an account. The returned URL is for the user's browser; Google's answer to `redirectUri`
 * is for `completeConnection`.
 * @throws NotFoundError when there is no such workspace or account.
 */
export async function beginConnection(
  context: ConnectionContext,
  input: BeginInput,
): Promise<BegunConnection> {
  const { state, expiresAt, ...attempt } = await beginAttempt(context, input);
  const writing = await readWriting(context.database, attempt.workspaceId);
  return {
    url: consentUrl(context.oauth, state, { ...attempt, writing }),
    expiresAt: expiresAt.toISOString(),
  };
}

/**
 * Stores an attempt to connect an account, without a request to Google.
 * @throws NotFoundError when there is no such workspace or account.
 */
export async function beginAttempt(context: ConnectionContext, input: BeginInput): Promise<BegunAttempt> {
  const { caller, accountId = null, returnUrl = null, ...fields } = parseInput(beginSchema, input);
  const { workspaceId, redirectUri } = fields;
  await requireWorkspace(context.database, workspaceId);
  const email = accountId === null ? null : await addressOf(context.database, workspaceId, accountId);
  const { codeVerifier } = await createOAuthClient(context.oauth, redirectUri).generateCodeVerifierAsync();
  const attempt = { workspaceId, accountId, redirectUri, returnUrl, codeVerifier };
  return { ...attempt, ...(await storeAttempt(context, caller, attempt)), email };
}

type BegunAttempt = ConnectAttempt & StoredAttempt & { email: string | null };

/** @throws NotFoundError when the workspace has no such account. */
export async function addressOf(database: Database, workspaceId: string, accountId: string): Promise<string> {
  const account = await database.calendarAuthToken.findFirst({
    where: { id: accountId, workspaceId },
    select: { email: true },
  });
  if (account !== null) return account.email;
  throw new NotInWorkspaceError(workspaceId, 'account', accountId);
}

interface Consent {
  redirectUri: string;
  codeVerifier: string;
  /** Address that is suggested to Google. */
  email: string | null;
  /** Whether the workspace enables writing. */
  writing: boolean;
}

/** URL at which the user consents to an attempt. */
export function consentUrl(
  oauth: OAuthClientSettings,
  state: string,
  { redirectUri, codeVerifier, email, writing }: Consent,
): string {
  return createOAuthClient(oauth, redirectUri).generateAuthUrl({
    access_type: 'offline',
    // Without it, Google issues a refresh token with the first consent only.
    prompt: 'consent',
    scope: scopesToAskFor(writing),
    // What the user has granted before stays granted.
    ...(writing && { include_granted_scopes: true }),
    state,
    code_challenge: createHash('sha256').update(codeVerifier).digest('base64url'),
    code_challenge_method: CodeChallengeMethod.S256,
    ...(email !== null && { login_hint: email }),
  });
}
