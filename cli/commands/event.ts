import { type Command, Option } from 'commander';
import { SEND_UPDATES, SERIES_SCOPES } from '../../contracts/writing.ts';
import { definedOnly } from '../../services/defined-only.ts';
import { collect } from '../../terminal/collect.ts';
import { printHint, printJson, printTable } from '../../terminal/output.ts';
import { toCell } from '../../terminal/to-cell.ts';
import { runCommand, withCommonOptions } from '../run-command.ts';
import type { CommonOptions } from '../common-options.ts';

/** Value that clears a field. */
const NONE = 'none';

interface WriteOptions extends CommonOptions {
  sendUpdates: (typeof SEND_UPDATES)[number];
}

interface SeriesOptions extends WriteOptions {
  series: (typeof SERIES_SCOPES)[number];
  ifMatch?: string;
}

interface FieldOptions {
  title?: string;
  description?: string;
  location?: string;
  start?: string;
  end?: string;
  timeZone?: string;
  recurrence?: string[];
  attendee?: string[];
  color?: string;
  visibility?: 'default' | 'public' | 'private' | 'confidential';
  free?: boolean;
  conference?: boolean;
}

export function registerEvent(program: Command): void {
  const event = program.command('event').description('show one event, or write it through to Google');

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

  withUpdates(withFields(event.command('create <workspace> <calendar>')))
    .description('create an event or a series, in Google and in the mirror')
    .action((workspaceId: string, calendarId: string, options: FieldOptions & WriteOptions) =>
      runCommand(options, async (context) => {
        const { runEventWrite } = await import('../run-event-write.ts');
        const { sendUpdates } = options;
        // What is missing is refused with the other rules.
        const { start = '', end = '', ...fields } = fieldsOf(options);
        const write = { operation: 'create', calendarId, start, end, ...fields, sendUpdates } as const;
        return runEventWrite(context, workspaceId, write as never, 'created');
      }),
    );

  withSeries(withFields(event.command('change <workspace> <event>')))
    .description('change the given fields of an event, or move it to another calendar')
    .option('--calendar <calendar>', 'move it to this calendar of the same account')
    .action(
      (workspaceId: string, eventId: string, options: FieldOptions & SeriesOptions & { calendar?: string }) =>
        runCommand(options, async (context) => {
          const { runEventWrite } = await import('../run-event-write.ts');
          const { series, ifMatch, sendUpdates, calendar: calendarId } = options;
          const settings = { series, ifMatch, sendUpdates, calendarId };
          const write = { operation: 'change', eventId, ...fieldsOf(options), ...settings } as const;
          return runEventWrite(context, workspaceId, write, 'changed');
        }),
    );

  withSeries(event.command('delete <workspace> <event>'))
    .description('delete an event, or occurrences of a series')
    .action((workspaceId: string, eventId: string, options: SeriesOptions) =>
      runCommand(options, async (context) => {
        const { runEventWrite } = await import('../run-event-write.ts');
        const { series, ifMatch, sendUpdates } = options;
        const write = { operation: 'delete', eventId, series, ifMatch, sendUpdates } as const;
        return runEventWrite(context, workspaceId, write, 'deleted');
      }),
    );

  withUpdates(event.command('answer <workspace> <event> <response>'))
    .description('answer an invitation: accepted, declined or tentative')
    .option('--comment <text>', 'comment for the organizer')
    .addOption(
      new Option('--series <scope>', 'this occurrence, or all').choices(['this', 'all']).default('this'),
    )
    .action(
      (
        workspaceId: string,
        eventId: string,
        response: 'accepted' | 'declined' | 'tentative',
        options: WriteOptions & { comment?: string; series: 'this' | 'all' },
      ) =>
        runCommand(options, async (context) => {
          const { runEventWrite } = await import('../run-event-write.ts');
          const { comment, series, sendUpdates } = options;
          const write = { operation: 'answer', eventId, response, comment, series, sendUpdates } as const;
          return runEventWrite(context, workspaceId, write, 'answered');
        }),
    );

  registerBatch(event);
}

function registerBatch(event: Command): void {
  withCommonOptions(event.command('batch <workspace> <file>'))
    .description('make up to 500 writes from a JSON file, in order (- for standard input)')
    .addHelpText('after', BATCH_HELP)
    .action((workspaceId: string, file: string, options: CommonOptions) =>
      runCommand(options, async (context) => {
        const { runEventBatch } = await import('../run-event-write.ts');
        return runEventBatch(context, workspaceId, file);
      }),
    );
}

const BATCH_HELP = `
Each write is an object with an operation (create, change, delete or answer) and the fields that the API takes:
  [{"operation": "create", "calendarId": "<calendar>", "title": "Lunch", "start": "2026-12-01T12:00:00",
    "end": "2026-12-01T13:00:00"}, {"operation": "delete", "eventId": "<event>"}]`;

function withUpdates(command: Command): Command {
  return withCommonOptions(command).addOption(
    new Option('--send-updates <guests>', 'guests whom Google tells by e-mail')
      .choices(SEND_UPDATES)
      .default('none'),
  );
}

function withSeries(command: Command): Command {
  return withUpdates(command)
    .addOption(
      new Option('--series <scope>', 'occurrences of a series that it is about')
        .choices(SERIES_SCOPES)
        .default('this'),
    )
    .option('--if-match <etag>', 'write only if the event still has this etag');
}

function withFields(command: Command): Command {
  return command
    .option('--title <text>', 'title')
    .option('--description <text>', 'description, may hold HTML; or none')
    .option('--location <text>', 'place; or none')
    .option('--start <time>', 'a date, an instant, or a local time such as 2026-01-05T09:00:00')
    .option('--end <time>', 'exclusive end, in the form of the start')
    .option('--time-zone <zone>', 'zone of local times; default: that of the workspace')
    .option('--recurrence <line>', 'line of the series, such as RRULE:FREQ=DAILY (repeatable)', collectLines)
    .option('--attendee <email>', 'guest (repeatable, or with commas); all of them, or none', collect)
    .option('--color <number>', "one of Google's colours, 1 to 11; or none")
    .option('--visibility <visibility>', 'default, public, private or confidential')
    .option('--free', 'it does not take up time')
    .option('--no-free', 'it takes up time')
    .option('--conference', 'add a Google Meet')
    .option('--no-conference', 'remove the conference');
}

/** Lines of a recurrence hold commas. */
const collectLines = (line: string, lines: string[] = []) => [...lines, line];

const orNull = (text: string | undefined) => (text === NONE ? null : text);

function fieldsOf(options: FieldOptions) {
  const { title, start, end, timeZone, recurrence, attendee, visibility, free, conference } = options;
  const given = {
    title,
    description: orNull(options.description),
    location: orNull(options.location),
    start,
    end,
    timeZone,
    recurrence: recurrence?.join() === NONE ? null : recurrence,
    attendees: attendee?.join() === NONE ? null : attendee?.map((email) => ({ email })),
    colorId: orNull(options.color),
    visibility,
    transparency: free === undefined ? undefined : free ? ('transparent' as const) : ('opaque' as const),
    conference,
  };
  const fields: typeof given = definedOnly(given);
  return fields;
}
