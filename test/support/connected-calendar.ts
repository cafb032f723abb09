import { calendarRow } from './mirror.ts';
import { runActivity } from './run-activity.ts';
import type { SyncStack } from './sync-stack.ts';

/** A user's primary calendar, listed and ready to be synced. */
export interface ConnectedCalendar {
  /** Almanac's ID of the calendar. */
  id: string;
  /** Its Google ID, which is the user's address. */
  google: string;
  accountId: string;
}

let users = 0;

/** Connects a new user to a workspace. With `events`, the calendar holds that many single ones. */
export async function connectCalendar(
  stack: SyncStack,
  { workspaceId = 'acme', events = 0 }: { workspaceId?: string; events?: number } = {},
): Promise<ConnectedCalendar> {
  users += 1;
  const google = `user-${users}@example.com`;
  const accountId = await stack.connect(workspaceId, google);
  const input = { workspaceId, accountId, correlationId: 'test' };
  await runActivity(stack.activities.refreshCalendarList, input);
  if (events > 0) {
    await stack.google.generateEvents(google, { count: events, recurringShare: 0, seed: users });
  }
  return { id: (await calendarRow(stack, google)).id, google, accountId };
}
