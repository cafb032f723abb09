import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('the keys that seal stored tokens');

  withCommonOptions(keys.command('rotate'))
    .description('seal every stored token with the newest key, while workers run')
    .action((options: CommonOptions) =>
      runCommand(options, async (context) => {
        const { runRotation } = await import('../run-rotation.ts');
        return runRotation(context);
      }),
    );
}
