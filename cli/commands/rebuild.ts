import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerRebuild(program: Command): void {
  withCommonOptions(program.command('rebuild <workspace>'))
    .description('rebuild the occurrences of a workspace from its stored events, without asking Google')
    .option('--from-log', 'bring the stored events in line with the change log first')
    .action((workspaceId: string, options: CommonOptions & { fromLog?: boolean }) =>
      runCommand(options, async (context) => {
        const { runRebuild } = await import('../run-rebuild.ts');
        await runRebuild(context, { workspaceId, fromLog: options.fromLog ?? false });
      }),
    );
}
