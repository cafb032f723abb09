import { randomBytes } from 'node:crypto';
import { createInterface } from 'node:readline';
import { createTokenCipher } from '../services/google/token-cipher.ts';
import type { AccountSummary } from '../services/accounts/accounts.ts';
import { requireVariables } from '../client/environment.ts';
import { DomainError } from '../services/errors.ts';
import { beginConnection } from '../services/oauth/begin-connection.ts';
import { completeConnection } from '../services/oauth/complete-connection.ts';
import { ConnectionError, ConnectionRefusal } from '../services/oauth/connection-error.ts';
import { OAUTH_VARIABLES, oauthClientSettings } from '../services/oauth/oauth-client.ts';
import { readRedirect } from '../services/oauth/redirect-answer.ts';
import { RemedyAction } from '../contracts/remedies.ts';
import { readWriting } from '../services/workspaces.ts';
import type { CommandContext } from './command-context.ts';
import { type LoopbackReply, startLoopback } from './loopback.ts';
import { hasBrowser, openBrowser } from './open-browser.ts';
import { withCommand } from './remedies.ts';
import { printHint, printJson, printLine } from '../terminal/output.ts';

interface ConnectCommand {
  workspaceId: string;
  accountId: string | undefined;
  /** Whether to open a browser on this machine. */
  browser: boolean;
}

const CALLER_BYTES = 32;
/** Any process on this machine can send these, so they do not end the wait for Google's answer. */
const STRAY: readonly ConnectionRefusal[] = [
  ConnectionRefusal.stateForged,
  ConnectionRefusal.stateForeign,
  ConnectionRefusal.stateUsed,
];
const NOT_TICKED = 'Events of this account can be read, not changed: its user has not allowed that.';
const NO_ANSWER = 'This is not an answer from Google’s sign-in.';

/** Body of `almanac account connect`. */
export async function runConnect(context: CommandContext, command: ConnectCommand): Promise<void> {
  const { json, variables, database } = context;
  const { TOKEN_ENCRYPTION_KEY, ...environment } = requireVariables(
    variables,
    'DATABASE_URL',
    'TOKEN_ENCRYPTION_KEY',
    ...OAUTH_VARIABLES,
  );
  const oauth = oauthClientSettings(environment);
  const connection = {
    database: await database(),
    tokenCipher: createTokenCipher(TOKEN_ENCRYPTION_KEY),
    oauth,
  };
  const { workspaceId, accountId } = command;
  const caller = randomBytes(CALLER_BYTES).toString('base64url');
  const outcome = awaitOutcome();

  async function take(query: URLSearchParams): Promise<LoopbackReply> {
    const answer = readRedirect(query);
    if (answer === null) return { status: 400, text: NO_ANSWER };
    try {
      outcome.resolve(await completeConnection(connection, { answer, caller, workspaceId }));
      return { status: 200, text: 'The account is connected. You can close this window.' };
    } catch (error) {
      if (!(error instanceof ConnectionError && STRAY.includes(error.reason))) outcome.reject(error);
      if (error instanceof DomainError) return { status: 400, text: withCommand(error) };
      throw error;
    }
  }

  const loopback = await startLoopback(take);
  const stopReading = readPasted(command.browser, take);
  try {
    const { redirectUri } = loopback;
    const begun = await beginConnection(connection, { workspaceId, accountId, caller, redirectUri });
    outcome.expireAt(begun.expiresAt);
    printHint(`Sign in to Google here:\n\n${begun.url}\n`);
    if (command.browser && hasBrowser(variables)) await openBrowser(begun.url);
    else {
      printHint(
        'If the browser runs on another machine, its last page cannot load: paste the address of that page here.',
      );
    }
    const account = await outcome.settled;
    const sync = await requestSync(context, workspaceId);
    if (!account.mayWrite && (await readWriting(connection.database, workspaceId)))
      printHint(
        withCommand({ message: NOT_TICKED, remedy: { action: RemedyAction.allowWriting, workspaceId } }),
      );
    if (json) return printJson({ ...account, sync });
    printLine(`Account ${account.email} is connected${sync ? ` and being synced: ${sync.workflowId}` : ''}.`);
  } finally {
    outcome.end();
    stopReading();
    await loopback.close();
  }
}

function awaitOutcome() {
  let timer: NodeJS.Timeout | undefined;
  const handlers = {} as { resolve: (account: AccountSummary) => void; reject: (error: unknown) => void };
  const settled = new Promise<AccountSummary>((resolve, reject) =>
    Object.assign(handlers, { resolve, reject }),
  );
  // It may be rejected before it is awaited.
  settled.catch(() => undefined);
  return {
    ...handlers,
    settled,
    expireAt(time: string): void {
      const late = 'The sign-in was not completed within ten minutes: run the command again.';
      timer = setTimeout(
        () => handlers.reject(new ConnectionError(ConnectionRefusal.stateExpired, late)),
        Date.parse(time) - Date.now(),
      );
    },
    end: () => clearTimeout(timer),
  };
}

/** Reads pasted addresses from standard input if it is a terminal, or if no browser was opened. */
function readPasted(browser: boolean, take: (query: URLSearchParams) => Promise<LoopbackReply>): () => void {
  if (browser && !process.stdin.isTTY) return () => undefined;
  const lines = createInterface({ input: process.stdin });
  lines.on('line', (line) => {
    const text = line.trim();
    if (text === '') return;
    if (!URL.canParse(text)) return printHint(NO_ANSWER);
    take(new URL(text).searchParams).then(
      ({ status, text: told }) => status !== 200 && printHint(told),
      () => undefined,
    );
  });
  return () => lines.close();
}

/** Returns null if Temporal does not answer: the account is connected, and the next tick syncs it. */
async function requestSync({ almanac }: CommandContext, workspaceId: string) {
  try {
    return await (await almanac()).requestSync({ workspaceId });
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    printHint(`${withCommand(error)} The next tick syncs the account.`);
    return null;
  }
}
