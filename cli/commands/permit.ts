import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerPermit(program: Command): void {
  const permit = program.command('permit').description('manage who may read the busy times of a workspace');

  withCommonOptions(permit.command('add <workspace> <reader>'))
    .description('permit another workspace to read the busy times of this one, in one direction')
    .action((workspaceId: string, reader: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { addPermit } = await import('../../services/availability/permits.ts');
        const added = await addPermit(await database(), workspaceId, reader);
        if (json) return printJson(added);
        printLine(`Workspace ${reader} may read the busy times of ${workspaceId}.`);
      }),
    );

  withCommonOptions(permit.command('remove <workspace> <reader>'))
    .description('take a permit back')
    .action((workspaceId: string, reader: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { removePermit } = await import('../../services/availability/permits.ts');
        const removed = await removePermit(await database(), workspaceId, reader);
        if (json) return printJson(removed);
        printLine(`Workspace ${reader} may not read the busy times of ${workspaceId}.`);
      }),
    );

  withCommonOptions(permit.command('list <workspace>'))
    .description('list the workspaces that may read the busy times of this one')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listPermits } = await import('../../services/availability/permits.ts');
        const permits = await listPermits(await database(), workspaceId);
        if (json) return printJson(permits);
        await printTable(
          ['reader', 'since'],
          permits.map(({ readerId, createdAt }) => [readerId, createdAt]),
          `No other workspace may read the busy times of ${workspaceId}. Run \`almanac permit add ${workspaceId} <reader>\` to permit it.`,
        );
      }),
    );
}
