import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerRebuild(program: Command): void {
  withCommonOptions(program.command('rebuild <workspace>'))
    .description("rebuild a workspace's occurrences from its stored events, without calling Google")
    .option('--from-log', 'first make the stored events match the change log')
    .action((workspaceId: string, options: CommonOptions & { fromLog?: boolean }) =>
      runCommand(options, async (context) => {
        const { runRebuild } = await import('../run-rebuild.ts');
        await runRebuild(context, { workspaceId, fromLog: options.fromLog ?? false });
      }),
    );
}
