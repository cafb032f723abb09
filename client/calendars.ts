import { resolveCalendarLetters } from '../activities/dead-letters/resolve-letters.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import { NotFoundError } from './errors.ts';
import { calendarIdSchema, parseInput } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

export interface CalendarSummary {
  id: string;
  workspaceId: string;
  accountId: string;
  googleCalendarId: string;
  summary: string;
  timeZone: string;
  accessRole: string;
  primary: boolean;
  enabled: boolean;
  /** `active`, `inaccessible` (Google no longer shows it to the account) or `removed` (gone from its list). */
  status: string;
}

const SUMMARY_COLUMNS = {
  id: true,
  workspaceId: true,
  accountId: true,
  googleCalendarId: true,
  summary: true,
  timeZone: true,
  accessRole: true,
  isPrimary: true,
  enabled: true,
  status: true,
} as const;

function toSummary({
  isPrimary,
  ...calendar
}: Omit<CalendarSummary, 'primary'> & { isPrimary: boolean }): CalendarSummary {
  return { ...calendar, primary: isPrimary };
}

/** The calendars of a workspace, disabled and lost ones too. */
export async function listCalendars(database: Database, workspaceId: string): Promise<CalendarSummary[]> {
  await requireWorkspace(database, workspaceId);
  const calendars = await database.calendar.findMany({
    where: { workspaceId },
    select: SUMMARY_COLUMNS,
    orderBy: [{ accountId: 'asc' }, { isPrimary: 'desc' }, { summary: 'asc' }, { id: 'asc' }],
  });
  return calendars.map(toSummary);
}

/** @throws NotFoundError when one of the calendars is not the workspace's. */
export async function requireCalendars(
  database: Database | Transaction,
  workspaceId: string,
  calendarIds: readonly string[],
): Promise<void> {
  const wanted = new Set(calendarIds.map((id) => id.toLowerCase()));
  const found = await database.calendar.findMany({
    where: { workspaceId, id: { in: [...wanted] } },
    select: { id: true },
  });
  for (const { id } of found) wanted.delete(id);
  const [missing] = wanted;
  if (missing !== undefined)
    throw new NotFoundError(
      `Workspace ${workspaceId} has no calendar ${missing}: \`almanac calendar list ${workspaceId}\` lists those there are.`,
    );
}

/**
 * Switches one calendar on or off. Switched off, it is no longer polled, its dead letters are closed, and its events
 * are hidden, not deleted; switched on again, they are visible at once and the calendar is due, and so is its account's
 * calendar list, with which a sync finds what has no push channel.
 * @param workspaceId whose calendar it has to be, where that matters
 * @throws NotFoundError when no calendar has this ID.
 */
export async function setCalendarEnabled(
  database: Database,
  calendarId: string,
  enabled: boolean,
  workspaceId?: string,
): Promise<CalendarSummary> {
  const id = parseInput(calendarIdSchema, calendarId, 'calendar');
  if (workspaceId !== undefined) {
    await requireWorkspace(database, workspaceId);
    await requireCalendars(database, workspaceId, [id]);
  }
  return database.$transaction(async (transaction) => {
    // In the order in which a failure is recorded: the account, the sync state, then the calendar.
    await transaction.$queryRaw`
      select 1 from calendar_auth_tokens
      where id = (select account_id from calendars where id = ${id}::uuid) for update`;
    await transaction.$queryRaw`select 1 from calendar_sync_states where calendar_id = ${id}::uuid for update`;
    const [updated] = await transaction.calendar.updateManyAndReturn({
      where: { id },
      data: { enabled, disconnected: false },
      select: { ...SUMMARY_COLUMNS, account: { select: { status: true } } },
    });
    if (!updated)
      throw new NotFoundError(
        `No calendar has the ID ${id}: \`almanac calendar list <workspace>\` lists those there are.`,
      );
    const { account, ...calendar } = updated;
    const pollable = enabled && calendar.status === 'active' && account.status === 'connected';
    const now = await readClock(transaction);
    await transaction.calendarSyncState.updateMany({
      where: { calendarId: id },
      data: { nextSyncAt: pollable ? now : null },
    });
    if (pollable)
      await transaction.calendarAuthToken.update({
        where: { id: calendar.accountId },
        data: { calendarListDueAt: now },
      });
    if (!enabled) await resolveCalendarLetters(transaction, [id]);
    return toSummary(calendar);
  });
}
