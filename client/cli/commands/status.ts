import type { Command } from 'commander';
import { printJson, printTable } from '../output.ts';
import { type CommonOptions, runCommand, withCommonOptions } from '../run-command.ts';

export function registerStatus(program: Command): void {
  withCommonOptions(program.command('status [workspace]'))
    .description('health, last and next sync, failures; of one workspace or of all')
    .action((workspaceId: string | undefined, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { readStatus } = await import('../../status.ts');
        const status = await readStatus(await database(), { workspaceId });
        if (json) return printJson(status);
        await printTable(
          ['workspace', 'health', 'last run', 'mode', 'outcome', 'upserted', 'deleted'],
          status.workspaces.map(({ id, health, lastRun }) => [
            id,
            health,
            lastRun?.startedAt,
            lastRun?.mode,
            lastRun?.outcome,
            lastRun?.upserted,
            lastRun?.deleted,
          ]),
          'There is no workspace: almanac workspace create <id> --time-zone <zone>',
        );
        const calendars = status.workspaces.flatMap((workspace) =>
          workspace.calendars.map((calendar) => [
            workspace.id,
            calendar.summary,
            calendar.health,
            calendar.lastSyncedAt,
            calendar.nextSyncAt,
            calendar.failures,
            calendar.lastError,
          ]),
        );
        await printTable(
          ['workspace', 'calendar', 'health', 'last sync', 'next sync', 'failures', 'last error'],
          calendars,
          'No calendar is known yet.',
        );
      }),
    );
}
