import type { EmulatorAdmin } from '../admin.ts';
import { ownerContext } from '../events/event-context.ts';
import { splitSeries } from '../events/split-series.ts';
import { undeleteEvent } from '../events/undelete-event.ts';
import { changeEvent, deleteEvent, insertEvent } from '../events/write-event.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';

type EventOperations = Pick<
  EmulatorAdmin,
  'insertEvent' | 'patchEvent' | 'deleteEvent' | 'undeleteEvent' | 'splitSeries'
>;

/** Google's interface edits conferences as well. */
const OPTIONS = { conferenceDataVersion: 1 };

/** Edits made as the calendar's owner in Google's interface. */
export function eventOperations({ state }: EmulatorContext): EventOperations {
  return {
    insertEvent: async (calendarId, event) =>
      insertEvent(ownerContext(state, calendarId), { ...event }, OPTIONS),
    patchEvent: async (calendarId, id, patch) =>
      changeEvent(ownerContext(state, calendarId), id, { ...patch }, OPTIONS),
    deleteEvent: async (calendarId, id) => deleteEvent(ownerContext(state, calendarId), id),
    undeleteEvent: async (calendarId, id) => undeleteEvent(ownerContext(state, calendarId), id),
    splitSeries: async (calendarId, id, originalStart, changes = {}) =>
      splitSeries(ownerContext(state, calendarId), id, originalStart, { ...changes }),
  };
}
