import { type Command, Option } from 'commander';
import { EVENT_DETAILS, type EventDetail } from '../../contracts/event-details.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

function detailOption(): Option {
  return new Option(
    '--event-detail <detail>',
    'what is kept of an event: minimal has no address of a person, standard adds people and conference links, full everything',
  ).choices(EVENT_DETAILS);
}

export function registerWorkspace(program: Command): void {
  const workspace = program.command('workspace').description('create, change and list workspaces');

  withCommonOptions(workspace.command('create <id>'))
    .description('create a workspace; its ID has 1 to 64 letters, digits, hyphens or underscores')
    .requiredOption('--time-zone <zone>', 'IANA time zone, for instance Europe/Berlin')
    .addOption(detailOption())
    .action((id: string, options: CommonOptions & { timeZone: string; eventDetail?: EventDetail }) =>
      runCommand(options, async ({ json, database }) => {
        const { timeZone, eventDetail } = options;
        const { createWorkspace } = await import('../../services/workspaces.ts');
        const created = await createWorkspace(await database(), { id, timeZone, eventDetail });
        if (json) return printJson(created);
        printLine(
          `Workspace ${created.id} is created. Run \`almanac account connect ${created.id}\` to connect an account.`,
        );
      }),
    );

  withCommonOptions(workspace.command('set <id>'))
    .description('choose how much of each event is asked of Google and kept')
    .addOption(detailOption().makeOptionMandatory())
    .action((id: string, options: CommonOptions & { eventDetail: EventDetail }) =>
      runCommand(options, async ({ json, database }) => {
        const { changeWorkspace } = await import('../../services/workspaces.ts');
        const { eventDetail } = options;
        const changed = await changeWorkspace(await database(), id, { eventDetail });
        if (json) return printJson(changed);
        printLine(
          `Workspace ${changed.id} keeps ${eventDetail} events. Its calendars are due, and are listed in full where they had another detail.`,
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
          ['workspace', 'time zone', 'accounts', 'calendars', 'events'],
          workspaces.map(({ id, timeZone, eventDetail, accounts, calendars }) => [
            id,
            timeZone,
            accounts,
            calendars,
            eventDetail,
          ]),
          'There is no workspace. Run `almanac workspace create <id> --time-zone <zone>` to create one.',
        );
      }),
    );
}
