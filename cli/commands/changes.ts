import type { Command } from 'commander';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';
import { toWholeNumber } from '../../terminal/whole-number.ts';

const DEFAULT_LIMIT = 100;
const MOST_CHANGES = 10_000_000;

interface ChangesOptions extends CommonOptions {
  after: string;
  limit?: number;
  follow?: boolean;
  moments?: boolean;
}

export function registerChanges(program: Command): void {
  withCommonOptions(program.command('changes <workspace>'))
    .description('read the change log: every insert, update and delete of the mirror, oldest first')
    .option(
      '--after <cursor>',
      'cursor of the last change already read; 0 is the beginning, now the end, now-20 so many positions earlier',
      '0',
    )
    .option(
      '--limit <n>',
      `maximum number of changes (default: ${DEFAULT_LIMIT}; with --follow, unlimited)`,
      toWholeNumber(1, MOST_CHANGES),
    )
    .option('--moments', 'only when there were changes, newest first: what `events --as-of` can be asked')
    .option('--follow', 'wait for further changes until Ctrl-C; with --json, one JSON object per line')
    .action((workspaceId: string, options: ChangesOptions) => {
      const { after, limit, follow = false, moments = false } = options;
      return runCommand(
        options,
        async (context) => {
          if (moments) {
            const { printMoments } = await import('../print-moments.ts');
            return printMoments(context, workspaceId, limit ?? DEFAULT_LIMIT);
          }
          const { followChanges, printChanges } = await import('../run-changes.ts');
          if (follow) return followChanges(context, { workspaceId, after, limit: limit ?? Infinity });
          return printChanges(context, { workspaceId, after, limit: limit ?? DEFAULT_LIMIT });
        },
        { isServer: follow },
      );
    });
}
