import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerWorkspace(program: Command): void {
  const workspace = program.command('workspace').description('create and list workspaces');

  withCommonOptions(workspace.command('create <id>'))
    .description('create a workspace; its ID has 1 to 64 letters, digits, hyphens or underscores')
    .requiredOption('--time-zone <zone>', 'IANA time zone, for instance Europe/Berlin')
    .action((id: string, options: CommonOptions & { timeZone: string }) =>
      runCommand(options, async ({ json, database }) => {
        const { createWorkspace } = await import('../../services/workspaces.ts');
        const created = await createWorkspace(await database(), { id, timeZone: options.timeZone });
        if (json) return printJson(created);
        printLine(
          `Workspace ${created.id} is created. Run \`almanac account connect ${created.id}\` to connect an account.`,
        );
      }),
    );

  withCommonOptions(workspace.command('list'))
    .description('list the workspaces')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listWorkspaces } = await import('../../services/workspaces.ts');
        const workspaces = await listWorkspaces(await database());
        if (json) return printJson(workspaces);
        await printTable(
          ['workspace', 'time zone', 'accounts', 'calendars'],
          workspaces.map(({ id, timeZone, accounts, calendars }) => [id, timeZone, accounts, calendars]),
          'There is no workspace. Run `almanac workspace create <id> --time-zone <zone>` to create one.',
        );
      }),
    );
}
