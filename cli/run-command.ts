import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { CommandSettings, CommonOptions } from './common-options.ts';

/** Adds the options of every command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON on stdout')
    .option('--verbose', 'print the details of a failure');
}

/**
 * Runs the body of a command and sets the exit code: the body's result or 0; 1 or 2 if it throws, with an
 * explanation on stderr. Modules other than commander are loaded here, so that `--help` stays fast.
 */
export async function runCommand(
  options: CommonOptions,
  body: (context: CommandContext) => Promise<number | void>,
  settings: CommandSettings = {},
): Promise<void> {
  const { executeCommand } = await import('./command-context.ts');
  process.exitCode = await executeCommand(options, body, settings);
}
