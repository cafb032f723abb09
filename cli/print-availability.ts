import type { Availability } from '../services/availability/availability-answer.ts';
import type { Gap } from '../services/availability/gap-codes.ts';
import { printHint, printLine, printTable } from '../terminal/output.ts';

const GAPS: Record<Gap['code'], string> = {
  needsReconnect: 'its account has to be connected again',
  inaccessible: 'Google no longer shows the calendar',
  neverSynced: 'the calendar has not been synced yet',
  missing: "the account's list lacks the calendar",
  outsideHorizon: 'the range goes beyond the expanded days',
  leftOut: 'some events cannot be read or expanded',
  neverListed: 'its calendars have not been listed yet',
  noCalendar: 'no calendar counts',
  incomplete: 'a calendar cannot be read',
};

/** Prints busy times, or slots if they were asked for, and on stderr what the answer cannot know. */
export async function printAvailability({
  people,
  slots,
  slotsFound,
  proof,
  gaps,
}: Availability): Promise<void> {
  if (slots === undefined) {
    await printTable(
      ['workspace', 'start', 'end', 'movable block'],
      people.flatMap(({ workspaceId, busy, movable = [] }) => [
        ...busy.map(({ start, end }) => [workspaceId, start, end, '']),
        ...movable.map(({ start, end, blockId }) => [workspaceId, start, end, blockId]),
      ]),
      'Everyone is free in this range.',
    );
  } else {
    await printTable(
      ['start', 'end', 'workspaces', 'blocks to move', 'score', 'because'],
      slots.map(({ start, end, workspaceIds, movable, score, reason }) => [
        start,
        end,
        workspaceIds.join(', '),
        movable.length,
        score,
        reason.code,
      ]),
      'There is no such slot in this range.',
    );
    if (slots.length > 0) printLine(`The best ${slots.length} of ${slotsFound}.`);
  }
  printHint(
    proof.provenAt === null ? 'As of when this is true is not known.' : `True as of ${proof.provenAt}.`,
  );
  for (const { workspaceId, calendarId, code } of gaps)
    printHint(`${calendarId ?? workspaceId} may be busy at other times, too: ${GAPS[code]}.`);
}
