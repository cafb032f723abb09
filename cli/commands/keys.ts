import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('manage the keys that encrypt stored tokens');

  withCommonOptions(keys.command('rotate'))
    .description('encrypt every stored token with the newest key; workers may keep running')
    .action((options: CommonOptions) =>
      runCommand(options, async (context) => {
        const { runRotation } = await import('../run-rotation.ts');
        return runRotation(context);
      }),
    );
}
