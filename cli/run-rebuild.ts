import { rebuildWorkspace } from '../services/rebuild.ts';
import type { CommandContext } from './command-context.ts';
import { printJson, printLine, printTable } from '../terminal/output.ts';
import { showProgressBar } from '../terminal/progress-bar.ts';

/** Body of `almanac rebuild`. */
export async function runRebuild(
  { json, database }: CommandContext,
  request: { workspaceId: string; fromLog: boolean },
): Promise<void> {
  let state = { done: 0, total: 1, counts: { calendar: 0, calendars: 0 } };
  const format = `${request.workspaceId} {bar} {value}/{total} events and series, calendar {calendar}/{calendars}`;
  const bar = await showProgressBar(format, state.counts, async () => state);
  try {
    const calendars = await rebuildWorkspace(await database(), request, (progress) => {
      const counts = { calendar: progress.doneCalendars + 1, calendars: progress.calendars };
      state = { done: progress.doneSources, total: progress.sources, counts };
    });
    bar.stop();
    if (json) return printJson(calendars);
    await printTable(
      ['calendar', 'events changed', 'occurrences changed'],
      calendars.map(({ calendarId, events, occurrences }) => [calendarId, events, occurrences]),
      'There is no calendar to rebuild.',
    );
    if (calendars.some(({ events }) => events > 0))
      printLine('The next sync lists calendars with changed events anew.');
  } finally {
    bar.stop();
  }
}
