import type { Command } from 'commander';
import { type CommonOptions, runCommand, withCommonOptions } from '../run-command.ts';

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
