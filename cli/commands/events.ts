import type { Command } from 'commander';
import type { Occurrence } from '../../services/reading/list-occurrences.ts';
import { InvalidInputError } from '../../services/errors.ts';
import { MOST_PROOF_AGE_SECONDS } from '../../contracts/limits.ts';
import { printJson, printTable } from '../../terminal/output.ts';
import { toSeconds } from '../../terminal/to-seconds.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

interface EventsOptions extends CommonOptions {
  from: string;
  to: string;
  busy?: boolean;
  asOf?: string;
  maxAge?: number;
}

export function registerEvents(program: Command): void {
  withCommonOptions(program.command('events <workspace>'))
    .description('list the occurrences that overlap a range, in order of their start')
    .requiredOption(
      '--from <time>',
      "inclusive start: an instant such as 2026-01-05T09:00:00Z, or a date in the workspace's time zone",
    )
    .requiredOption('--to <time>', 'exclusive end, in the same form')
    .option('--busy', 'only occurrences that take up time')
    .option('--no-busy', 'only occurrences that do not')
    .option(
      '--as-of <time>',
      'the range as the mirror held it at this moment, or this long ago (PT2H), and what has changed since',
    )
    .option(
      '--max-age <time>',
      'sync calendars first that were not in step with Google this recently: 60s, 5m, 2h',
      toSeconds(1, MOST_PROOF_AGE_SECONDS),
    )
    .action((workspaceId: string, options: EventsOptions) =>
      runCommand(options, async (context) => {
        const { json, database } = context;
        const { from, to, asOf, maxAge } = options;
        if (asOf !== undefined) {
          if (maxAge !== undefined)
            throw new InvalidInputError('maxAge', 'must not be given together with asOf');
          if (options.busy !== undefined)
            throw new InvalidInputError('busy', 'must not be given together with asOf');
          const { runPastEvents } = await import('../run-past-events.ts');
          return runPastEvents(context, { workspaceId, from, to, asOf });
        }
        if (maxAge !== undefined) {
          const { proveFirst } = await import('../prove-first.ts');
          await proveFirst(context, { workspaceId, from, to, maxAgeSeconds: maxAge });
        }
        const { eventPages } = await import('../../services/reading/list-occurrences.ts');
        const range = { workspaceId, from, to, busy: options.busy };
        const events: Occurrence[] = [];
        for await (const page of eventPages(await database(), range)) events.push(...page);
        if (json) return printJson(events);
        await printTable(
          ['start', 'end', 'title', 'busy', 'status', 'calendar'],
          events.map(({ start, end, title, busy, status, calendarId }) => [
            start,
            end,
            title,
            busy,
            status,
            calendarId,
          ]),
          'No event overlaps this range.',
        );
      }),
    );
}
