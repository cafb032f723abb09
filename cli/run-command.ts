import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';
import type { CommandSettings, CommonOptions } from './common-options.ts';

/** Adds the options of every command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON on stdout')
    .option('--verbose', 'print what is known about a failure');
}

/**
 * Runs the body of a command and sets the exit code: what it returns, or 0; 1 or 2 when it throws, with an
 * explanation on stderr. Loads everything but commander only now.
 */
export async function runCommand(
  options: CommonOptions,
  body: (context: CommandContext) => Promise<number | void>,
  settings: CommandSettings = {},
): Promise<void> {
  const { executeCommand } = await import('./command-context.ts');
  process.exitCode = await executeCommand(options, body, settings);
}
