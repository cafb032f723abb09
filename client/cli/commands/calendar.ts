import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../output.ts';
import { type CommonOptions, runCommand, withCommonOptions } from '../run-command.ts';

export function registerCalendar(program: Command): void {
  const calendar = program.command('calendar').description('list calendars, switch them on and off');

  withCommonOptions(calendar.command('list <workspace>'))
    .description('list the calendars of a workspace')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listCalendars } = await import('../../calendars.ts');
        const calendars = await listCalendars(await database(), workspaceId);
        if (json) return printJson(calendars);
        await printTable(
          ['calendar', 'name', 'time zone', 'access', 'primary', 'enabled', 'status'],
          calendars.map(({ id, summary, timeZone, accessRole, primary, enabled, status }) => [
            id,
            summary,
            timeZone,
            accessRole,
            primary,
            enabled,
            status,
          ]),
          `Workspace ${workspaceId} has no calendar: the first sync of an account reads its list.`,
        );
      }),
    );

  registerSwitch(calendar, 'enable', 'show a calendar and sync it again', true);
  registerSwitch(calendar, 'disable', 'hide a calendar and stop syncing it; nothing is deleted', false);
}

function registerSwitch(calendar: Command, name: string, description: string, enabled: boolean): void {
  withCommonOptions(calendar.command(`${name} <calendar>`))
    .description(description)
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { setCalendarEnabled } = await import('../../calendars.ts');
        const changed = await setCalendarEnabled(await database(), id, enabled);
        if (json) return printJson(changed);
        printLine(`Calendar ${changed.id} is ${enabled ? 'enabled and due for a sync' : 'disabled'}.`);
      }),
    );
}
