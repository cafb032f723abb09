import type { EmulatorState } from '../state/emulator-state.ts';

/** Deletes a calendar from every user's list. */
export function removeCalendar(state: EmulatorState, calendarId: string): void {
  const store = state.calendars.get(calendarId);
  if (!store) return;
  store.removed = true;
  for (const user of state.users.values()) {
    if (user.entries.has(calendarId)) state.setEntry(user, calendarId, { deleted: true });
  }
}
