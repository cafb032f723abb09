import type { Command } from 'commander';
import { printHint, printJson, printLine } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerConsole(program: Command): void {
  withCommonOptions(program.command('console'))
    .description('print a link that signs a browser in to the console as an admin, once, within ten minutes')
    .option('--open', 'open it in a browser on this machine')
    .action((options: CommonOptions & { open?: boolean }) =>
      runCommand(options, async ({ json, database, variables }) => {
        const [{ createSignInToken, signInUrl }, { apiAddress }, { openBrowser }] = await Promise.all([
          import('../../services/keys/sessions.ts'),
          import('../api-address.ts'),
          import('../open-browser.ts'),
        ]);
        const { signInToken, expiresAt } = await createSignInToken({
          database: await database(),
          adminSecret: undefined,
        });
        const url = signInUrl(new URL(apiAddress(variables)).origin, signInToken);
        if (json) printJson({ url, expiresAt });
        else {
          printHint('The link works once, within ten minutes. Treat it as a password.');
          printLine(url);
        }
        if (options.open) await openBrowser(url);
      }),
    );
}
