import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerDeadLetter(program: Command): void {
  const command = program
    .command('dead-letter')
    .description('list, retry and discard work that failed for good');

  withCommonOptions(command.command('list'))
    .description('list dead letters with the remedy for each')
    .option('--workspace <workspace>', 'only those of this workspace (default: all)')
    .option('--all', 'also those that are resolved or discarded')
    .action((options: CommonOptions & { workspace?: string; all?: boolean }) =>
      runCommand(options, async ({ json, database }) => {
        const [{ listDeadLetters }, { subjectOf }, { formatAge }] = await Promise.all([
          import('../../services/dead-letters.ts'),
          import('../../services/dead-letters/open-dead-letter.ts'),
          import('../../terminal/civil-format.ts'),
        ]);
        const { workspace: workspaceId, all = false } = options;
        const deadLetters = await listDeadLetters(await database(), { workspaceId, all });
        if (json) return printJson(deadLetters);
        await printTable(
          ['dead letter', 'workspace', 'of', 'failure', 'status', 'runs', 'age', 'what to do'],
          deadLetters.map((deadLetter) => [
            deadLetter.id,
            deadLetter.workspaceId,
            deadLetter.calendars === undefined
              ? subjectOf(deadLetter)
              : `${subjectOf(deadLetter)}: ${deadLetter.calendars} calendars`,
            deadLetter.failureType,
            deadLetter.status,
            deadLetter.attempts,
            formatAge(deadLetter.ageSeconds),
            deadLetter.advice,
          ]),
          all ? 'There is no dead letter.' : 'There is no open dead letter.',
        );
      }),
    );

  withCommonOptions(command.command('retry [id]'))
    .description('retry the failed work at once; a success resolves its dead letters')
    .option('--all', 'every open dead letter')
    .action((id: string | undefined, options: CommonOptions & { all?: boolean }) =>
      runCommand(options, async (context) => {
        const { runDeadLetterRetry } = await import('../run-dead-letter-retry.ts');
        return runDeadLetterRetry(context, { id, all: options.all ?? false });
      }),
    );

  withCommonOptions(command.command('discard <id>'))
    .description('close a dead letter; the same failure opens a new one only after a success in between')
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { discardDeadLetter } = await import('../../services/dead-letters.ts');
        const discarded = await discardDeadLetter(await database(), id);
        if (json) return printJson(discarded);
        printLine(`Dead letter ${discarded.id} is discarded.`);
      }),
    );
}
