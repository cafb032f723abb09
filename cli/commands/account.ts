import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerAccount(program: Command): void {
  const account = program.command('account').description('connect Google accounts');

  withCommonOptions(account.command('connect <workspace>'))
    .description('sign in to Google in the browser; connecting an account again replaces its grant')
    .option('--account <id>', 'connect this account again, and no other')
    .option(
      '--no-browser',
      'open no browser: print the address, and take the one it ends at from standard input',
    )
    .action((workspaceId: string, options: CommonOptions & { account?: string; browser: boolean }) =>
      runCommand(options, async (context) => {
        const { runConnect } = await import('../run-connect.ts');
        const { account: accountId, browser } = options;
        await runConnect(context, { workspaceId, accountId, browser });
      }),
    );

  withCommonOptions(account.command('disconnect <workspace> <account>'))
    .description('give the grant of an account (its UUID or address) back to Google and delete its tokens')
    .option('--purge', 'delete its calendars and events, too; default: they are switched off')
    .action((workspaceId: string, name: string, options: CommonOptions & { purge?: boolean }) =>
      runCommand(options, async (context) => {
        const { runDisconnect } = await import('../run-disconnect.ts');
        await runDisconnect(context, { workspaceId, account: name, purge: options.purge ?? false });
      }),
    );

  withCommonOptions(account.command('add <workspace>'))
    .description(
      'import an existing grant, once Google has named its account; adding it again replaces its grant',
    )
    .requiredOption('--email <email>', 'the address of the Google account')
    .option(
      '--refresh-token <token>',
      'the refresh token; - reads it from standard input, which hides it from the other users of this machine (default: ALMANAC_REFRESH_TOKEN)',
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
        printLine(`Account ${added.email} is connected. Next: almanac sync ${workspaceId} --wait`);
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
          ['account', 'e-mail', 'status', 'calendars', 'calendar list read', 'last error'],
          accounts.map(({ id, email, status, calendars, calendarListSyncedAt, lastError }) => [
            id,
            email,
            status,
            calendars,
            calendarListSyncedAt,
            lastError,
          ]),
          `Workspace ${workspaceId} has no account: almanac account connect ${workspaceId}`,
        );
      }),
    );
}
