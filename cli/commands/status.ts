import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface StatusOptions extends CommonOptions {
  all?: boolean;
  running?: boolean;
}

export function registerStatus(program: Command): void {
  withCommonOptions(program.command('status [workspace]'))
    .description('show the health of one workspace, or of all with details of the worst')
    .option('--all', 'details of every workspace')
    .option('--running', 'running fan-outs and how long tasks wait as well')
    .action((workspaceId: string | undefined, options: StatusOptions) =>
      runCommand(options, async (context) => {
        const { runStatus } = await import('../run-status.ts');
        return runStatus(context, {
          workspaceId,
          all: options.all ?? false,
          running: options.running ?? false,
        });
      }),
    );
}
