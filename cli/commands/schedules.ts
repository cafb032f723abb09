import type { Command } from 'commander';
import type { ScheduleAction } from '../../client/schedules.ts';
import { printJson, printLine, printTable } from '../../terminal/output.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

export function registerSchedules(program: Command): void {
  const schedules = program.command('schedules').description("manage Almanac's Temporal schedules");

  withCommonOptions(schedules.command('apply'))
    .description('create or update the schedules and the search attributes; paused schedules stay paused')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, temporal }) => {
        const [{ applySchedules }, { ensureSearchAttributes }] = await Promise.all([
          import('../../client/schedules.ts'),
          import('../../client/search-attributes.ts'),
        ]);
        const client = await temporal();
        const searchAttributesAdded = await ensureSearchAttributes(client);
        const applied = await applySchedules(client);
        if (json) return printJson({ searchAttributesAdded, schedules: applied });
        if (searchAttributesAdded.length > 0) {
          printLine(`Search attributes added: ${searchAttributesAdded.join(', ')}`);
        }
        for (const { id, outcome, paused } of applied) {
          printLine(`${id} ${outcome}${paused ? ', still paused' : ''}`);
        }
      }),
    );

  withCommonOptions(schedules.command('list'))
    .description('list the schedules with their last and next start')
    .action((options: CommonOptions) =>
      runCommand(options, async ({ json, temporal }) => {
        const { listSchedules } = await import('../../client/schedules.ts');
        const listed = await listSchedules(await temporal());
        if (json) return printJson(listed);
        await printTable(
          ['schedule', 'cron (UTC)', 'state', 'next start', 'last start', 'note'],
          listed.map(({ id, cron, exists, paused, nextStartAt, lastStartedAt, note }) => [
            id,
            cron,
            exists ? (paused ? 'paused' : 'active') : 'missing',
            nextStartAt,
            lastStartedAt,
            note,
          ]),
          'No schedule is defined.',
        );
      }),
    );

  registerChange(schedules, 'pause', 'pause a schedule: it starts no runs', 'paused');
  registerChange(schedules, 'resume', 'resume a paused schedule', 'resumed');
  registerChange(schedules, 'trigger', 'start a run now, unless one is running', 'triggered');
  registerChange(schedules, 'delete', 'delete a schedule; `apply` creates it again', 'deleted');
}

function registerChange(schedules: Command, action: ScheduleAction, description: string, done: string): void {
  withCommonOptions(schedules.command(`${action} <schedule>`))
    .description(description)
    .action((id: string, options: CommonOptions) =>
      runCommand(options, async ({ json, temporal }) => {
        const { changeSchedule, requireScheduleId } = await import('../../client/schedules.ts');
        await changeSchedule(await temporal(), requireScheduleId(id), action);
        if (json) return printJson({ id, outcome: done });
        printLine(`${id} ${done}.`);
      }),
    );
}
