import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerAccount(program: Command): void {
  const account = program.command('account').description('connect Google accounts');

  withCommonOptions(account.command('connect <workspace>'))
    .description(
      'connect a Google account by signing in in the browser; connecting it again replaces its grant',
    )
    .option('--account <id>', 'accept only this account, which is already connected')
    .option(
      '--no-browser',
      'do not open a browser: print the sign-in URL and read the final URL from standard input',
    )
    .action((workspaceId: string, options: CommonOptions & { account?: string; browser: boolean }) =>
      runCommand(options, async (context) => {
        const { runConnect } = await import('../run-connect.ts');
        const { account: accountId, browser } = options;
        await runConnect(context, { workspaceId, accountId, browser });
      }),
    );

  withCommonOptions(account.command('disconnect <workspace> <account>'))
    .description(
      'revoke the grant of an account (its UUID or e-mail address) at Google and delete its tokens',
    )
    .option('--purge', 'also delete its calendars and events (default: its calendars are disabled)')
    .action((workspaceId: string, name: string, options: CommonOptions & { purge?: boolean }) =>
      runCommand(options, async (context) => {
        const { runDisconnect } = await import('../run-disconnect.ts');
        await runDisconnect(context, { workspaceId, account: name, purge: options.purge ?? false });
      }),
    );

  withCommonOptions(account.command('add <workspace>'))
    .description(
      'import an existing grant after checking it with Google; importing it again replaces the grant',
    )
    .requiredOption('--email <email>', 'e-mail address of the Google account')
    .option(
      '--refresh-token <token>',
      'refresh token, or - to read it from standard input, which hides it from other users of this machine (default: ALMANAC_REFRESH_TOKEN)',
    )
    .action((workspaceId: string, options: CommonOptions & { email: string; refreshToken?: string }) =>
      runCommand(options, async ({ json, database, variables }) => {
        const [
          { importAccount },
          { grantInput },
          { parseInput },
          { createTokenCipher },
          { readRefreshToken },
          { requireVariables },
          { OAUTH_VARIABLES, oauthClientSettings },
        ] = await Promise.all([
          import('../../services/accounts/import-account.ts'),
          import('../../services/accounts/accounts.ts'),
          import('../../services/input.ts'),
          import('../../services/google/token-cipher.ts'),
          import('../read-refresh-token.ts'),
          import('../../client/environment.ts'),
          import('../../services/oauth/oauth-client.ts'),
        ]);
        const { TOKEN_ENCRYPTION_KEY, ...environment } = requireVariables(
          variables,
          'TOKEN_ENCRYPTION_KEY',
          'DATABASE_URL',
          ...OAUTH_VARIABLES,
        );
        const refreshToken = await readRefreshToken(options.refreshToken, variables);
        const input = parseInput(grantInput, { workspaceId, email: options.email, refreshToken });
        const tokenCipher = createTokenCipher(TOKEN_ENCRYPTION_KEY);
        const oauth = oauthClientSettings(environment);
        const added = await importAccount({ database: await database(), tokenCipher, oauth }, input);
        if (json) return printJson(added);
        printLine(
          `Account ${added.email} is connected. Run \`almanac sync ${workspaceId} --wait\` to sync it.`,
        );
      }),
    );

  withCommonOptions(account.command('list <workspace>'))
    .description('list the accounts of a workspace')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listAccounts } = await import('../../services/accounts/accounts.ts');
        const accounts = await listAccounts(await database(), workspaceId);
        if (json) return printJson(accounts);
        await printTable(
          ['account', 'e-mail', 'status', 'may write', 'calendars', 'calendar list read', 'last error'],
          accounts.map(({ id, email, status, mayWrite, calendars, calendarListSyncedAt, lastError }) => [
            id,
            email,
            status,
            mayWrite,
            calendars,
            calendarListSyncedAt,
            lastError,
          ]),
          `Workspace ${workspaceId} has no account. Run \`almanac account connect ${workspaceId}\` to connect one.`,
        );
      }),
    );
}
