import { randomBytes } from 'node:crypto';
import type { GoogleCalendar } from '../../services/google/google-calendar.ts';
import { createTokenCipher } from '../../services/google/token-cipher.ts';
import { createInteractiveGoogle } from '../../services/google/open-google-calendar.ts';
import { createWorkspace } from '../../services/workspaces.ts';
import { beginConnection, type ConnectionContext } from '../../services/oauth/begin-connection.ts';
import { completeConnection } from '../../services/oauth/complete-connection.ts';
import { readRedirect } from '../../services/oauth/redirect-answer.ts';
import type { Emulator } from '../../emulator/create-emulator.ts';
import { createTestDatabase } from './database.ts';
import { startTestEmulator } from './emulator.ts';

export const CALLER = 'the-session-of-one-user';
export const REDIRECT_URI = 'http://127.0.0.1:9/oauth/google/callback';

/** Acts as a user in the browser: picks an account, or refuses. Returns the URL to which Google redirects. */
export async function consent(
  url: string,
  { email, denied = false, scopes }: { email?: string; denied?: boolean; scopes?: readonly string[] },
): Promise<URL> {
  const target = new URL(url);
  if (email !== undefined) target.searchParams.set('login_hint', email);
  if (denied) target.searchParams.set('approve', 'denied');
  if (scopes !== undefined) target.searchParams.set('scope', scopes.join(' '));
  const response = await fetch(target, { redirect: 'manual' });
  return new URL(response.headers.get('location') ?? '');
}

export interface ConsentStack {
  context: ConnectionContext;
  google: Emulator;
  /** Client of Google for disconnecting accounts. */
  calendarApi: GoogleCalendar;
  databaseUrl: string;
  encryptionKey: string;
  /** Begins to connect an account of a workspace, which is created if missing. */
  begin(workspaceId: string, options?: { accountId?: string; caller?: string }): Promise<string>;
  /** Completes the connection with Google's redirect. */
  complete(
    redirect: URL,
    options?: { caller?: string; workspaceId?: string; now?: Date },
  ): ReturnType<typeof completeConnection>;
  /** Connects an account in all steps, as a user does. */
  connect(workspaceId: string, email: string): ReturnType<typeof completeConnection>;
  close(): Promise<void>;
}

/** A database and an emulator, connected only by a simulated browser. */
export async function startConsentStack(): Promise<ConsentStack> {
  const [database, google] = await Promise.all([createTestDatabase(), startTestEmulator()]);
  const encryptionKey = randomBytes(32).toString('base64');
  const context: ConnectionContext = {
    database: database.prisma,
    tokenCipher: createTokenCipher([encryptionKey]),
    oauth: {
      clientId: 'almanac-dev',
      clientSecret: 'almanac-dev-secret',
      apiRootUrl: google.url,
      authUrl: `${google.url}/o/oauth2/v2/auth`,
      tokenUrl: `${google.url}/token`,
      revokeUrl: `${google.url}/revoke`,
    },
  };
  const begin: ConsentStack['begin'] = async (workspaceId, { accountId, caller = CALLER } = {}) => {
    const known = await database.prisma.workspace.count({ where: { id: workspaceId } });
    if (known === 0) await createWorkspace(database.prisma, { id: workspaceId, timeZone: 'UTC' });
    const input = { workspaceId, caller, redirectUri: REDIRECT_URI, accountId };
    return (await beginConnection(context, input)).url;
  };
  const complete: ConsentStack['complete'] = async (redirect, { caller = CALLER, workspaceId, now } = {}) => {
    const answer = readRedirect(redirect.searchParams);
    if (answer === null) throw new Error(`No answer: ${redirect.search}`);
    const clock = now && { now: () => now };
    return completeConnection({ ...context, ...clock }, { answer, caller, workspaceId });
  };
  const calendarApi = createInteractiveGoogle(database.prisma, context.tokenCipher, {
    GOOGLE_CLIENT_ID: context.oauth.clientId,
    GOOGLE_CLIENT_SECRET: context.oauth.clientSecret,
    GOOGLE_API_ROOT_URL: context.oauth.apiRootUrl,
    GOOGLE_OAUTH_TOKEN_URL: context.oauth.tokenUrl,
    GOOGLE_REQUESTS_PER_MINUTE: 10_000,
    GOOGLE_USER_REQUESTS_PER_MINUTE: 600,
    GOOGLE_USER_WRITES_PER_MINUTE: 120,
  });
  return {
    context,
    google,
    calendarApi,
    databaseUrl: database.url,
    encryptionKey,
    begin,
    complete,
    async connect(workspaceId, email) {
      await google.admin.createUser({ email });
      return complete(await consent(await begin(workspaceId), { email }));
    },
    async close() {
      await google.close();
      await database.drop();
    },
  };
}
