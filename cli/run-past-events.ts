import type { CommandContext } from './command-context.ts';
import { requireVariables } from '../client/environment.ts';
import type { Occurrence } from '../services/reading/list-occurrences.ts';
import { listPastEvents } from '../services/time-travel/list-past-events.ts';
import { printHint, printJson, printLine, printTable } from '../terminal/output.ts';

interface PastRange {
  workspaceId: string;
  from: string;
  to: string;
  asOf: string;
}

const when = (event: Occurrence | null) => event && `${event.start} – ${event.end}`;

/** Prints a range as the mirror held it at a past moment, then what has changed since. */
export async function runPastEvents(
  { json, database, variables }: CommandContext,
  range: PastRange,
): Promise<void> {
  const { TIME_TRAVEL_RETENTION_DAYS: days } = requireVariables(variables, 'TIME_TRAVEL_RETENTION_DAYS');
  const { events, past, ...first } = await listPastEvents(await database(), range, days);
  for (let { cursor } = first; cursor !== undefined;) {
    const next = await listPastEvents(await database(), { ...range, after: cursor }, days);
    events.push(...next.events);
    ({ cursor } = next);
  }
  if (json) return printJson({ ...past, events });
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
    'No event overlapped this range.',
  );
  printLine('Since then:');
  await printTable(
    ['change', 'title', 'before', 'now'],
    (past.differences ?? []).map(({ kind, before, now }) => [
      kind,
      (now ?? before)?.title,
      when(before),
      when(now),
    ]),
    'Nothing has changed in this range.',
  );
  if (past.hasMoreDifferences === true) printHint('There are more differences: choose a shorter range.');
  if (past.purgedCalendarIds.length > 0)
    printHint(
      `Events of these calendars were purged since and may lack: ${past.purgedCalendarIds.join(', ')}`,
    );
}
