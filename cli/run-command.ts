import type { Command } from 'commander';
import type { CommandContext } from './command-context.ts';

/** Options of every command. */
export interface CommonOptions {
  json?: boolean;
  verbose?: boolean;
}

export interface CommandSettings {
  /** The command brings its own servers: a stack that runs in this folder is none of its business. */
  ownStack?: boolean;
  /** The command runs until it is told to stop, so that it is no part of a trace. Default: if it has its own servers. */
  isServer?: boolean;
}

/** Adds the options of every command. */
export function withCommonOptions(command: Command): Command {
  return command
    .option('--json', 'print JSON on stdout')
    .option('--verbose', 'print what is known about a failure');
}

/**
 * Runs the body of a command and sets the exit code: what it returns, or 0; 1 or 2 when it throws, with one
 * sentence on stderr. Loads everything but commander only now.
 */
export async function runCommand(
  options: CommonOptions,
  body: (context: CommandContext) => Promise<number | void>,
  settings: CommandSettings = {},
): Promise<void> {
  const { executeCommand } = await import('./command-context.ts');
  process.exitCode = await executeCommand(options, body, settings);
}
