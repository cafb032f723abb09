import { type Command, Option } from 'commander';
import { InvalidInputError } from '../../services/errors.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface BusyOptions extends CommonOptions {
  on?: boolean;
  off?: boolean;
  default?: boolean;
}

export function registerCalendar(program: Command): void {
  const calendar = program
    .command('calendar')
    .description('list calendars, enable or disable them, choose whose events take up time');

  withCommonOptions(calendar.command('list <workspace>'))
    .description('list the calendars of a workspace')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listCalendars } = await import('../../services/calendars.ts');
        const calendars = await listCalendars(await database(), workspaceId);
        if (json) return printJson(calendars);
        await printTable(
          ['calendar', 'name', 'time zone', 'access', 'primary', 'enabled', 'takes time', 'status'],
          calendars.map(
            ({ id, summary, timeZone, accessRole, primary, enabled, takesTime, takesTimeChosen, status }) => [
              id,
              summary,
              timeZone,
              accessRole,
              primary,
              enabled,
              `${takesTime}${takesTimeChosen ? '' : ' (default)'}`,
              status,
            ],
          ),
          `Workspace ${workspaceId} has no calendar. The first sync of an account reads its calendar list.`,
        );
      }),
    );

  withCommonOptions(calendar.command('busy <calendar>'))
    .description("choose whether a calendar's events take up time: they block plans and count as busy")
    .addOption(new Option('--on', 'they do').conflicts(['off', 'default']))
    .addOption(new Option('--off', 'they do not').conflicts(['on', 'default']))
    .addOption(new Option('--default', 'they do if the account owns the calendar').conflicts(['on', 'off']))
    .action((id: string, options: BusyOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { changeCalendar } = await import('../../services/calendars.ts');
        const changed = await changeCalendar(await database(), id, { takesTime: toChoice(options) });
        if (json) return printJson(changed);
        const says = changed.takesTime ? 'takes up time' : 'does not take up time';
        printLine(`Calendar ${changed.id} ${says}${changed.takesTimeChosen ? '' : ', by default'}.`);
      }),
    );

  registerSwitch(calendar, 'enable', 'show a calendar and resume its syncs', true);
  registerSwitch(calendar, 'disable', 'hide a calendar and stop syncing it; nothing is deleted', false);
}

function toChoice({ on, off, default: byDefault }: BusyOptions): boolean | null {
  if (on) return true;
  if (off) return false;
  if (byDefault) return null;
  throw new InvalidInputError('option', 'must be one of --on, --off and --default');
}

function registerSwitch(calendar: Command, name: string, description: string, enabled: boolean): void {
  withCommonOptions(calendar.command(`${name} <calendar>`))
    .description(description)
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { setCalendarEnabled } = await import('../../services/calendars.ts');
        const changed = await setCalendarEnabled(await database(), id, enabled);
        if (json) return printJson(changed);
        printLine(`Calendar ${changed.id} is ${enabled ? 'enabled and due for a sync' : 'disabled'}.`);
      }),
    );
}
