import { z } from 'zod';
import { resolveCalendarDeadLetters } from './dead-letters/resolve-dead-letters.ts';
import { applyBusyRule, holdBusyRule } from './mirror/busy-rule.ts';
import { RemedyAction } from '../contracts/remedies.ts';
import type { Database, Transaction } from '../prisma/client.ts';
import { readClock } from '../prisma/read-clock.ts';
import { InvalidInputError, NotFoundError, NotInWorkspaceError } from './errors.ts';
import { calendarIdSchema, parseInput } from './input.ts';
import { withLimitedWait } from './limited-wait.ts';
import { type Page, type PageRequest, readAllPages, readPage } from './pages.ts';
import { uuid } from './shapes.ts';
import { requireWorkspace } from './workspaces.ts';

export const calendarSchema = z.object({
  id: uuid('the calendar'),
  workspaceId: z.string(),
  accountId: uuid('its account'),
  googleCalendarId: z.string(),
  summary: z.string(),
  timeZone: z.string(),
  accessRole: z.string().describe('`owner`, `writer`, `reader` or `freeBusyReader`'),
  primary: z.boolean(),
  enabled: z.boolean(),
  takesTime: z.boolean().describe("Whether its events take up the person's time"),
  takesTimeChosen: z
    .boolean()
    .describe('Whether a person chose `takesTime`. By default, calendars that the account owns take up time'),
  status: z
    .enum(['active', 'inaccessible', 'removed'])
    .describe('`inaccessible`: Google no longer shows it to the account'),
});
export type CalendarSummary = z.infer<typeof calendarSchema>;

/**
 * A change rewrites `busy` of every occurrence in the same transaction; a calendar may have hundreds of
 * thousands.
 */
const LONGEST_CHANGE_MS = 60_000;

export const calendarChanges = z
  .object({
    /** Whether the calendar is synced and its events are visible. */
    enabled: z.boolean({ error: 'must be true or false' }),
    /** Whether its events take up the person's time. Null: the default for its access role. */
    takesTime: z.boolean({ error: 'must be true, false or null' }).nullable(),
  })
  .partial();
type CalendarChanges = z.input<typeof calendarChanges>;

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
  takesTime: true,
  takesTimeChoice: true,
  status: true,
} as const;

function toSummary({
  isPrimary,
  takesTimeChoice,
  status,
  ...calendar
}: Omit<CalendarSummary, 'primary' | 'takesTimeChosen' | 'status'> & {
  isPrimary: boolean;
  takesTimeChoice: boolean | null;
  status: string;
}): CalendarSummary {
  return {
    ...calendar,
    status: status as CalendarSummary['status'],
    takesTimeChosen: takesTimeChoice !== null,
    primary: isPrimary,
  };
}

/**
 * One page of a workspace's calendars, including disabled and lost ones. A position is the ID of a calendar,
 * because names are too long for it.
 * @throws InvalidInputError when the calendar before the page no longer exists.
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
        throw new InvalidInputError(
          'cursor',
          'names a calendar that no longer exists: start again without a cursor',
        );
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

/** Rows of every page of `pageOfCalendars`. */
export async function listCalendars(database: Database, workspaceId: string): Promise<CalendarSummary[]> {
  return readAllPages((page: PageRequest<string>) => pageOfCalendars(database, workspaceId, page));
}

/** @throws NotFoundError when one of the calendars does not belong to the workspace. */
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
  if (missing !== undefined) throw new NotInWorkspaceError(workspaceId, 'calendar', missing);
}

/**
 * Enables or disables one calendar: see {@link changeCalendar}.
 * @param workspaceId workspace to which the calendar must belong, where that matters
 */
export async function setCalendarEnabled(
  database: Database,
  calendarId: string,
  enabled: boolean,
  workspaceId?: string,
): Promise<CalendarSummary> {
  return changeCalendar(database, calendarId, { enabled }, workspaceId);
}

/**
 * Applies the given changes to one calendar. A disabled calendar is no longer polled, its dead letters are
 * closed, and its events are hidden but not deleted. An enabled calendar shows its events at once; it is due,
 * and so is its account's calendar list, with which a sync finds calendars that lack a push channel. A change
 * of `takesTime` applies at once to every occurrence.
 * @param workspaceId workspace to which the calendar must belong, where that matters
 * @throws NotFoundError when no calendar has this ID.
 * @throws BusyError when a sync or a rebuild of the calendar does not end within the wait.
 */
export async function changeCalendar(
  database: Database,
  calendarId: string,
  changes: CalendarChanges,
  workspaceId?: string,
): Promise<CalendarSummary> {
  const id = parseInput(calendarIdSchema, calendarId, 'calendar');
  const { enabled, takesTime } = parseInput(calendarChanges, changes);
  if (workspaceId !== undefined) {
    await requireWorkspace(database, workspaceId);
    await requireCalendars(database, workspaceId, [id]);
  }
  const change = async (transaction: Transaction) => {
    // Same lock order as when a failure is recorded: account, sync state, calendar.
    await transaction.$queryRaw`
      select 1 from calendar_auth_tokens
      where id = (select account_id from calendars where id = ${id}::uuid) for update`;
    await transaction.$queryRaw`select 1 from calendar_sync_states where calendar_id = ${id}::uuid for update`;
    if (enabled !== undefined) await switchCalendar(transaction, id, enabled);
    if (takesTime !== undefined) await chooseTakesTime(transaction, id, takesTime);
    const changed = await transaction.calendar.findUnique({ where: { id }, select: SUMMARY_COLUMNS });
    if (changed === null)
      throw new NotFoundError(`No calendar has the ID ${id}.`, {
        remedy: { action: RemedyAction.listCalendars },
      });
    return toSummary(changed);
  };
  return withLimitedWait(database, `Calendar ${id}`, change, LONGEST_CHANGE_MS);
}

async function switchCalendar(transaction: Transaction, id: string, enabled: boolean): Promise<void> {
  const [calendar] = await transaction.calendar.updateManyAndReturn({
    where: { id },
    data: { enabled, disconnected: false },
    select: { accountId: true, status: true, account: { select: { status: true } } },
  });
  if (calendar === undefined) return;
  const pollable = enabled && calendar.status === 'active' && calendar.account.status === 'connected';
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
  if (!enabled) await resolveCalendarDeadLetters(transaction, [id]);
}

/**
 * Changes the choice and every occurrence. The caller has locked the sync state, so no page commit can add
 * rows with the old value.
 */
async function chooseTakesTime(transaction: Transaction, id: string, choice: boolean | null): Promise<void> {
  const calendar = await transaction.calendar.findUnique({ where: { id }, select: { workspaceId: true } });
  if (calendar === null) return;
  await holdBusyRule(transaction, calendar.workspaceId);
  await transaction.calendar.update({ where: { id }, data: { takesTimeChoice: choice } });
  await applyBusyRule(transaction, calendar.workspaceId, [id]);
}
