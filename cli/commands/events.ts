import type { Command } from 'commander';
import type { PickedEvent, eventPages } from '../../services/reading/list-occurrences.ts';
import { InvalidInputError } from '../../services/errors.ts';
import { MOST_PROOF_AGE_SECONDS } from '../../contracts/limits.ts';
import { printHint, printJson, printTable } from '../../terminal/output.ts';
import { toSeconds } from '../../terminal/to-seconds.ts';
import { toCell } from '../../terminal/to-cell.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

type PickedFields = Parameters<typeof eventPages>[1]['fields'];

interface EventsOptions extends CommonOptions {
  from: string;
  to: string;
  busy?: boolean;
  query?: string;
  attendee?: string;
  type?: string;
  updatedSince?: string;
  fields?: string;
  asOf?: string;
  maxAge?: number;
}

/** Columns of a table that was not asked for others. */
const COLUMNS = ['start', 'end', 'title', 'busy', 'status', 'calendarId'] as const;
/** Options that no past moment can be asked together with. */
const PRESENT_ONLY = ['busy', 'query', 'attendee', 'type', 'updatedSince', 'fields'] as const;

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
      '-q, --query <words>',
      'only events with these words in title, description, place, names and addresses of guests; the last may be the beginning of one',
    )
    .option('--attendee <email>', 'only events with this guest, where standard or full events are kept')
    .option('--type <type>', 'only events of this type, such as outOfOffice')
    .option('--updated-since <time>', 'only events changed in Google since then, in the form of --from')
    .option('--fields <names>', 'fields to show, separated by commas, such as title,location,attendees')
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
          for (const option of PRESENT_ONLY)
            if (options[option] !== undefined)
              throw new InvalidInputError(option, 'must not be given together with asOf');
          const { runPastEvents } = await import('../run-past-events.ts');
          return runPastEvents(context, { workspaceId, from, to, asOf });
        }
        const { eventPages, listEvents } = await import('../../services/reading/list-occurrences.ts');
        const { busy, query: q, attendee, type: eventType, updatedSince } = options;
        // Checked with the rest of the input, which names those that there are.
        const fields = options.fields?.split(',').map((field) => field.trim()) as PickedFields;
        const range = { workspaceId, from, to, busy, q, attendee, eventType, updatedSince, fields };
        if (maxAge !== undefined) {
          const { proveFirst } = await import('../prove-first.ts');
          const first = { ...range, fields: undefined, limit: 1 };
          await listEvents(await database(), first);
          await proveFirst(context, [workspaceId], maxAge);
          const { proof } = await listEvents(await database(), first);
          printHint(`Shows everything that Google held at ${proof.provenAt ?? 'no time yet'}.`);
        }
        const events: PickedEvent[] = [];
        for await (const page of eventPages(await database(), range)) events.push(...page);
        if (json) return printJson(events);
        const columns = fields ?? COLUMNS;
        await printTable(
          columns.map((column) => (column === 'calendarId' ? 'calendar' : column)),
          events.map((event) => columns.map((column) => toCell(event[column]))),
          'No event overlaps this range.',
        );
      }),
    );
}
