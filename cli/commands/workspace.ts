import { type Command, Option } from 'commander';
import { EVENT_DETAILS, type EventDetail } from '../../contracts/event-details.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { WorkspaceSummary } from '../../services/workspaces.ts';
import type { CommonOptions } from '../common-options.ts';

function detailOption(): Option {
  return new Option(
    '--event-detail <detail>',
    'what is kept of an event: minimal has no address of a person, standard adds people and conference links, full everything',
  ).choices(EVENT_DETAILS);
}

type Switch = 'on' | 'off';

interface WorkspaceOptions extends CommonOptions {
  name?: string;
  timeZone?: string;
  eventDetail?: EventDetail;
  writing?: Switch;
  narrative?: Switch;
}

function writingOption(): Option {
  return new Option(
    '--writing <switch>',
    'whether accounts are asked to allow changes of their events when they are connected',
  ).choices(['on', 'off']);
}

function narrativeOption(): Option {
  return new Option(
    '--narrative <switch>',
    'whether agendas, with titles, may be sent to the language model of NARRATIVE_API_URL',
  ).choices(['on', 'off']);
}

const isOn = (choice: Switch | undefined) => (choice === undefined ? undefined : choice === 'on');

/** The choices that were made. */
function choicesOf({ name, timeZone, eventDetail, writing, narrative }: WorkspaceOptions) {
  return { name, timeZone, eventDetail, writing: isOn(writing), narrative: isOn(narrative) };
}

export function registerWorkspace(program: Command): void {
  const workspace = program
    .command('workspace')
    .description('create, change, pause, export, import, delete and list workspaces');

  withCommonOptions(workspace.command('create <id>'))
    .description('create a workspace; its ID has 1 to 64 letters, digits, hyphens or underscores')
    .requiredOption('--time-zone <zone>', 'IANA time zone, for instance Europe/Berlin')
    .option('--name <name>', 'what people call it')
    .addOption(detailOption())
    .addOption(writingOption())
    .addOption(narrativeOption())
    .action((id: string, options: WorkspaceOptions & { timeZone: string }) =>
      runCommand(options, async ({ json, database }) => {
        const { timeZone } = options;
        const { createWorkspace } = await import('../../services/workspaces.ts');
        const created = await createWorkspace(await database(), {
          id,
          ...choicesOf(options),
          timeZone,
        });
        if (json) return printJson(created);
        printLine(
          `Workspace ${created.id} is created. Run \`almanac account connect ${created.id}\` to connect an account.`,
        );
      }),
    );

  withCommonOptions(workspace.command('set <id>'))
    .description(
      'change its name and time zone, choose how much of each event is asked of Google and kept, and whether events are changed',
    )
    .option('--name <name>', 'what people call it; "none": nothing but its ID')
    .option('--time-zone <zone>', 'IANA time zone, for instance Europe/Berlin')
    .addOption(detailOption())
    .addOption(writingOption())
    .addOption(narrativeOption())
    .action((id: string, options: WorkspaceOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { changeWorkspace } = await import('../../services/workspaces.ts');
        const { name, ...choices } = choicesOf(options);
        const changed = await changeWorkspace(await database(), id, {
          ...choices,
          name: name === 'none' ? null : name,
        });
        if (json) return printJson(changed);
        for (const line of changedLines(changed, options)) printLine(line);
      }),
    );

  withCommonOptions(workspace.command('pause <id>'))
    .description('neither sync nor plan it until it is resumed; reads go on')
    .action((id: string, options: CommonOptions) =>
      setStatus(
        id,
        'paused',
        options,
        `Workspace ${id} is paused. Run \`almanac workspace resume ${id}\` to resume it.`,
      ),
    );

  withCommonOptions(workspace.command('resume <id>'))
    .description('sync and plan a paused workspace again')
    .action((id: string, options: CommonOptions) =>
      setStatus(id, 'active', options, `Workspace ${id} is active. Its calendars are due.`),
    );

  withCommonOptions(workspace.command('export <id>'))
    .description('write everything of a workspace but secrets into a ZIP archive: JSON lines and iCalendar')
    .requiredOption('--to <file>', 'path of the archive; a file that is there is replaced')
    .action((workspaceId: string, options: CommonOptions & { to: string }) =>
      runCommand(options, async (context) => {
        const { runWorkspaceExport } = await import('../run-workspace-archive.ts');
        return runWorkspaceExport(context, { workspaceId, path: options.to });
      }),
    );

  withCommonOptions(workspace.command('import <id>'))
    .description(
      'restore tasks, habits, hours, policy, permits and plan from an archive into an empty workspace',
    )
    .requiredOption('--from <file>', 'path of the archive')
    .action((workspaceId: string, options: CommonOptions & { from: string }) =>
      runCommand(options, async (context) => {
        const { runWorkspaceImport } = await import('../run-workspace-archive.ts');
        return runWorkspaceImport(context, { workspaceId, path: options.from });
      }),
    );

  withCommonOptions(workspace.command('delete <id>'))
    .description('delete a workspace with everything that belongs to it, and give its grants back to Google')
    .option('--own-calendars', 'also delete the calendars that Almanac made for it in Google')
    .option('--yes', 'confirm that it cannot be undone')
    .action((workspaceId: string, options: CommonOptions & { ownCalendars?: boolean; yes?: boolean }) =>
      runCommand(options, async (context) => {
        const { runWorkspaceDelete } = await import('../run-workspace-delete.ts');
        const { ownCalendars = false, yes = false } = options;
        return runWorkspaceDelete(context, { workspaceId, ownCalendars, yes });
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
          ['workspace', 'name', 'time zone', 'status', 'accounts', 'calendars', 'events', 'writing'],
          workspaces.map(({ id, name, timeZone, status, eventDetail, writing, accounts, calendars }) => [
            id,
            name ?? '',
            timeZone,
            status,
            accounts,
            calendars,
            eventDetail,
            writing,
          ]),
          'There is no workspace. Run `almanac workspace create <id> --time-zone <zone>` to create one.',
        );
      }),
    );
}

function setStatus(
  id: string,
  status: 'active' | 'paused',
  options: CommonOptions,
  line: string,
): Promise<void> {
  return runCommand(options, async ({ json, database }) => {
    const { changeWorkspace } = await import('../../services/workspaces.ts');
    const changed = await changeWorkspace(await database(), id, { status });
    if (json) return printJson(changed);
    printLine(line);
  });
}

function changedLines(
  { id, name, timeZone, eventDetail, writing, narrative }: WorkspaceSummary,
  options: WorkspaceOptions,
): string[] {
  return [
    ...(options.name === undefined
      ? []
      : [name === null ? `Workspace ${id} has no name.` : `Workspace ${id} is called ${name}.`]),
    ...(options.timeZone === undefined
      ? []
      : [`Workspace ${id} has the time zone ${timeZone}, from its next plan on.`]),
    ...(options.eventDetail === undefined
      ? []
      : [
          `Workspace ${id} keeps ${eventDetail} events. Its calendars are due, and are listed in full where they had another detail.`,
        ]),
    ...(options.writing === undefined ? [] : [writingLine(id, writing)]),
    ...(options.narrative === undefined
      ? []
      : [`Agendas of workspace ${id} ${narrative ? 'may be' : 'are not'} sent to a language model.`]),
  ];
}

function writingLine(id: string, writing: boolean): string {
  return writing
    ? `Workspace ${id} has writing enabled. Run \`almanac account connect ${id}\` for each account whose events are to be changed: its user is asked to allow that.`
    : `Workspace ${id} has writing disabled. Its accounts keep what their users have allowed until they are connected again.`;
}
