import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerEncryptionKey(program: Command): void {
  const key = program
    .command('encryption-key')
    .alias('keys')
    .description('manage the keys that encrypt stored tokens');

  withCommonOptions(key.command('rotate'))
    .description('encrypt every stored token with the newest key; workers may keep running')
    .action((options: CommonOptions) =>
      runCommand(options, async (context) => {
        const { runRotation } = await import('../run-rotation.ts');
        return runRotation(context);
      }),
    );
}
