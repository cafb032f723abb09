import { type Command, Option } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface UsageOptions extends CommonOptions {
  from?: string;
  to?: string;
  csv?: boolean;
}

export function registerUsage(program: Command): void {
  withCommonOptions(program.command('usage [workspace]'))
    .description("show what one workspace used, or all of them, by day of Google's (Pacific time)")
    .option('--from <date>', 'first day, such as 2026-01-05 (default: 29 days before the last)')
    .option('--to <date>', 'last day (default: today)')
    .addOption(new Option('--csv', 'print CSV on stdout').conflicts('json'))
    .action((workspaceId: string | undefined, { csv = false, ...options }: UsageOptions) =>
      runCommand(options, async (context) => {
        const { runUsage } = await import('../run-usage.ts');
        return runUsage(context, { workspaceId, csv, from: options.from, to: options.to });
      }),
    );
}
