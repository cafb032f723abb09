import type { Command } from 'commander';
import type { HoursByType, HoursInput } from '../../services/planning/hours.ts';
import { collect } from '../../terminal/collect.ts';
import { printJson, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface SetOptions extends CommonOptions {
  type: string;
  day: string[];
  block?: string[];
  closed?: boolean;
}

export function registerHours(program: Command): void {
  const hours = program
    .command('hours')
    .description('manage the hours in which tasks and habits may be placed');

  withCommonOptions(hours.command('show <workspace>'))
    .description('show the hours of every type, by weekday, in local time')
    .action((workspaceId: string, options: CommonOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { showHours } = await import('../../services/planning/hours.ts');
        const found = await showHours(await database(), workspaceId);
        if (json) return printJson(found);
        await printHours(found);
      }),
    );

  withCommonOptions(hours.command('set <workspace>'))
    .description('replace the hours of one type on some weekdays')
    .requiredOption('--type <type>', 'work, personal, meeting or a custom name')
    .requiredOption('--day <days>', 'weekdays, for instance mon,tue', collect)
    .option(
      '--block <times>',
      'local times, for instance 09:00-12:00 (repeatable); 22:00-02:00 ends on the next day',
      collect,
    )
    .option('--closed', 'no hours on those days')
    .action((workspaceId: string, options: SetOptions) =>
      runCommand(options, async ({ json, database }) => {
        const { InvalidInputError } = await import('../../services/errors.ts');
        const { setHours } = await import('../../services/planning/hours.ts');
        const { type, day, block = [], closed = false } = options;
        if (closed === block.length > 0)
          throw new InvalidInputError('block', 'must be given at least once, unless --closed is');
        // The schema checks the names of the weekdays.
        const days = day as HoursInput['days'];
        const found = await setHours(await database(), workspaceId, { type, days, blocks: block });
        if (json) return printJson(found);
        await printHours(found);
      }),
    );
}

async function printHours(hours: HoursByType): Promise<void> {
  const types = Object.entries(hours);
  const days = Object.keys(types[0]?.[1] ?? {});
  await printTable(
    ['type', ...days],
    types.map(([type, week]) => [
      type,
      ...Object.values(week).map((blocks) => blocks.map((block) => block.join('–')).join('\n')),
    ]),
    'The workspace has no hours.',
  );
}
