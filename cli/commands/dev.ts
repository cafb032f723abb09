import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerDev(program: Command): void {
  withCommonOptions(program.command('dev'))
    .description(
      'start Postgres, Temporal, a Google Calendar emulator, the API and a worker on this machine, with sample workspaces',
    )
    .option('--once', 'sync, print the summary, stop everything and exit')
    .option('--reset', 'first remove the state of earlier runs in .almanac/')
    .action((options: CommonOptions & { once?: boolean; reset?: boolean }) =>
      runCommand(
        options,
        async ({ json }) => {
          const { runDev } = await import('../../dev/main.ts');
          await runDev({ once: options.once ?? false, json, reset: options.reset ?? false });
        },
        { ownStack: true },
      ),
    );
}
