import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface SyncOptions extends CommonOptions {
  all?: boolean;
  full?: boolean;
  wait?: boolean;
}

export function registerSync(program: Command): void {
  withCommonOptions(program.command('sync [workspaces...]'))
    .description('sync workspaces now; one that is syncing already serves the request before it ends')
    .option('--all', 'every workspace, through the fan-out')
    .option('--full', 'list every calendar anew instead of asking for changes')
    .option('--wait', 'wait for the results; exit code 1 if one is not a success')
    .action((workspaceIds: string[], options: SyncOptions) =>
      runCommand(options, async (context) => {
        const { runSync } = await import('../run-sync.ts');
        const { all = false, full = false, wait = false } = options;
        return runSync(context, { workspaceIds, all, mode: full ? 'full' : 'incremental', wait });
      }),
    );
}
