import type { Command } from 'commander';
import { printHint, printJson, printTable } from '../../terminal/output.ts';
import { toCell } from '../../terminal/to-cell.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerEvent(program: Command): void {
  const event = program.command('event').description('show one event');

  withCommonOptions(event.command('show <workspace> <event>'))
    .description('show everything that is kept of an occurrence; `almanac events --json` shows its id')
    .action((workspaceId: string, id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { readEvent } = await import('../../services/reading/read-event.ts');
        const { event: text, proof } = await readEvent(await database(), workspaceId, id);
        const shown = JSON.parse(text) as object;
        if (json) return printJson({ ...shown, proof });
        await printTable(
          ['field', 'value'],
          Object.entries(shown).map(([field, value]) => [field, toCell(value)]),
          '',
        );
        printHint(`Shows what Google held at ${proof.provenAt ?? 'no time yet'}.`);
      }),
    );
}
