import { forbidden, notFound } from '../http/google-error.ts';
import type { CalendarStore } from '../state/calendar-store.ts';
import type { EmulatorState } from '../state/emulator-state.ts';
import type { CalendarListEntry } from '../state/types.ts';

/** The caller and the calendar of an operation on events. */
export interface EventContext {
  state: EmulatorState;
  store: CalendarStore;
  entry: CalendarListEntry;
  email: string;
}

/**
 * The caller's view of a calendar. Throws 404 if there is none, as Google does for "unknown" and "no access"
 * alike.
 */
export function openCalendar(state: EmulatorState, email: string, calendarId: string): EventContext {
  const access = state.access(email, calendarId);
  if (!access) throw notFound();
  return { state, email, ...access };
}

/** Context of the calendar's owner. */
export function ownerContext(state: EmulatorState, calendarId: string): EventContext {
  const store = state.calendars.get(calendarId);
  if (!store || store.removed) throw notFound();
  const entry = { calendarId, accessRole: 'owner' as const, seq: 0, tokenEpoch: 0 };
  return { state, store, entry, email: store.meta.ownerEmail };
}

export function requireWriter(context: EventContext): void {
  const { accessRole } = context.entry;
  if (accessRole === 'freeBusyReader' || accessRole === 'reader') {
    throw forbidden('requiredAccessLevel', 'You need to have writer access to this calendar.', 'calendar');
  }
}
