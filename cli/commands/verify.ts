import type { Command } from 'commander';
import { collect } from '../../terminal/collect.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface VerifyOptions extends CommonOptions {
  repair?: boolean;
  calendar?: string[];
}

export function registerVerify(program: Command): void {
  withCommonOptions(program.command('verify <workspace>'))
    .description('compare the mirror with Google, event by event; exit code 1 if they differ')
    .option('--repair', 'correct the events that differ')
    .option('--calendar <id>', 'only this calendar (repeatable, or with commas)', collect)
    .action((workspaceId: string, options: VerifyOptions) =>
      runCommand(options, async (context) => {
        const { runVerify } = await import('../run-verify.ts');
        const { repair = false, calendar: calendarIds } = options;
        return runVerify(context, { workspaceId, repair, calendarIds });
      }),
    );
}
