import { FREE } from '../../calendar/busy.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/**
 * What decides whether an occurrence of a calendar takes up time, besides its own traits: `takes_time` of the calendar,
 * and the traits that the workspace's policy lets count as `free`.
 * @param where about calendars `c`
 */
export function busyRules(where: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select c.id, c.takes_time, array[${FREE}] || coalesce(p.free_traits, '{}') as free
    from calendars c left join schedule_policies p on p.workspace_id = c.workspace_id
    where ${where}`;
}

/** Whether an occurrence `o` takes up time under `rule`: what `blocksTime` says, of a calendar that does. */
export const BLOCKS = Prisma.sql`(rule.takes_time and not (o.traits && rule.free))`;

/** Of a workspace's rule, among advisory locks. */
const lockKey = (workspaceId: Prisma.Sql) =>
  Prisma.sql`hashtextextended('busy rule of ' || ${workspaceId}, 0)`;

/**
 * An expression that holds a workspace's rule as it is until the transaction ends. Whoever writes `busy` takes it in
 * a statement before the one that reads the rule, and after the lock of the calendar's sync state: a change of the
 * policy waits for them, and then sees what they have written. Without it, a page that was read under the old policy
 * could be committed after the new one.
 */
export function busyRuleHeld(workspaceId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`pg_advisory_xact_lock_shared(${lockKey(workspaceId)}) is not null`;
}

/** The same as a statement of its own. */
export async function holdBusyRule(transaction: Transaction, workspaceId: string): Promise<void> {
  await transaction.$queryRaw`select ${busyRuleHeld(Prisma.sql`${workspaceId}`)} as held`;
}

/** Waits for all who write `busy` in a workspace; others wait until the transaction ends. Takes no lock of a calendar. */
export async function lockBusyRule(transaction: Transaction, workspaceId: string): Promise<void> {
  await transaction.$queryRaw`
    select pg_advisory_xact_lock(${lockKey(Prisma.sql`${workspaceId}`)}) is not null as locked`;
}

/**
 * Brings `busy` in line with policy and calendars, in one statement that writes only what differs. It is part of the
 * read model: nothing is logged, for the change log tells of events as Google has them. Rows of a release before
 * have no traits and stay as they are until their events are expanded anew.
 * @param calendarIds those of the workspace that are concerned; default: all
 * @returns how many occurrences have changed
 */
export async function applyBusyRule(
  transaction: Transaction,
  workspaceId: string,
  calendarIds?: readonly string[],
): Promise<number> {
  if (calendarIds?.length === 0) return 0;
  const these = calendarIds === undefined ? Prisma.empty : Prisma.sql`and c.id = any(${calendarIds}::uuid[])`;
  return transaction.$executeRaw`
    update workspace_calendar_events o set busy = ${BLOCKS}
    from (${busyRules(Prisma.sql`c.workspace_id = ${workspaceId} ${these}`)}) rule
    where o.calendar_id = rule.id and o.workspace_id = ${workspaceId} and o.traits is not null and o.busy <> ${BLOCKS}`;
}
