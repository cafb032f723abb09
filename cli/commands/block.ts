import type { Command } from 'commander';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerBlock(program: Command): void {
  const block = program.command('block').description('list and pin the blocks of the applied plan');

  withCommonOptions(block.command('list <workspace>'))
    .description('list the current and future blocks')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { listBlocks } = await import('../../services/planning/blocks.ts');
        const blocks = await listBlocks(await database(), workspaceId);
        if (json) return printJson(blocks);
        await printTable(
          ['block', 'title', 'part', 'start', 'end', 'pinned', 'status'],
          blocks.map(({ id, title, chunk, start, end, pinnedBecause, status }) => [
            id,
            title,
            `${chunk.index} of ${chunk.of}`,
            start,
            end,
            pinnedBecause ?? 'no',
            status,
          ]),
          `Workspace ${workspaceId} has no block. Run \`almanac plan ${workspaceId} --apply\` to place some.`,
        );
      }),
    );

  registerPinning(block, 'pin', 'keep a block where it is in every later plan', true);
  registerPinning(block, 'unpin', 'allow the planner to move a block again', false);
}

function registerPinning(block: Command, name: string, description: string, pinned: boolean): void {
  withCommonOptions(block.command(`${name} <workspace> <block>`))
    .description(description)
    .action((workspaceId: string, id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { setBlockPinned } = await import('../../services/planning/blocks.ts');
        const changed = await setBlockPinned(await database(), workspaceId, id, pinned);
        if (json) return printJson(changed);
        printLine(`Block ${changed.id} is ${pinned ? 'pinned' : 'free'}.`);
      }),
    );
}
