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
    .description('sync workspaces now; a sync that is already running serves the request before it ends')
    .option('--all', 'sync every workspace')
    .option('--full', 'list every calendar anew instead of only its changes')
    .option('--wait', 'wait for the results; exit code 1 unless all succeed')
    .action((workspaceIds: string[], options: SyncOptions) =>
      runCommand(options, async (context) => {
        const { runSync } = await import('../run-sync.ts');
        const { all = false, full = false, wait = false } = options;
        return runSync(context, { workspaceIds, all, mode: full ? 'full' : 'incremental', wait });
      }),
    );
}
