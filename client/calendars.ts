import { resolveCalendarLetters } from '../activities/dead-letters/resolve-letters.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { InvalidInputError, NotFoundError } from './errors.ts';
import { calendarIdSchema, parseInput } from './input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from './pages.ts';
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

/**
 * One page of the calendars of a workspace, disabled and lost ones too. A position is the ID of a calendar: names are
 * too long for it.
 * @throws InvalidInputError when the calendar that the page would begin behind is gone.
 */
export async function pageOfCalendars(
  database: Database,
  workspaceId: string,
  request: PageRequest<string>,
): Promise<Page<CalendarSummary, string>> {
  await requireWorkspace(database, workspaceId);
  const { rows, ...page } = await readPage(
    request,
    async (after, take) => {
      if (after !== undefined && (await database.calendar.count({ where: { id: after, workspaceId } })) === 0)
        throw new InvalidInputError('cursor', 'is of a calendar that is gone: begin again without a cursor');
      return database.calendar.findMany({
        where: { workspaceId },
        select: SUMMARY_COLUMNS,
        orderBy: [{ accountId: 'asc' }, { isPrimary: 'desc' }, { summary: 'asc' }, { id: 'asc' }],
        ...(after !== undefined && { cursor: { id: after }, skip: 1 }),
        take,
      });
    },
    ({ id }) => id,
  );
  return { ...page, rows: rows.map(toSummary) };
}

/** Every page of `pageOfCalendars`. */
export async function listCalendars(database: Database, workspaceId: string): Promise<CalendarSummary[]> {
  return readAllPages((page: PageRequest<string>) => pageOfCalendars(database, workspaceId, page));
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
    await transaction.calendarSyncState.updateMany({
      where: { calendarId: id },
      data: { nextSyncAt: pollable ? new Date() : null },
    });
    if (pollable)
      await transaction.calendarAuthToken.update({
        where: { id: calendar.accountId },
        data: { calendarListDueAt: new Date() },
      });
    if (!enabled) await resolveCalendarLetters(transaction, [id]);
    return toSummary(calendar);
  });
}
