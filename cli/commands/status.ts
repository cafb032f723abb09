import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface StatusOptions extends CommonOptions {
  all?: boolean;
}

export function registerStatus(program: Command): void {
  withCommonOptions(program.command('status [workspace]'))
    .description('show health and since when it is proven, of one workspace or of all with the worst of them')
    .option('--all', 'every workspace, not only the worst')
    .action((workspaceId: string | undefined, options: StatusOptions) =>
      runCommand(options, async (context) => {
        const { runStatus } = await import('../run-status.ts');
        return runStatus(context, { workspaceId, all: options.all ?? false });
      }),
    );
}
