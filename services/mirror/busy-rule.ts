import { FREE } from '../../calendar/busy.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/**
 * Query for the two parts of the busy rule: `takes_time` of each calendar, and `free`, the traits that leave
 * time free by default or by the workspace's policy.
 * @param where condition on calendars `c`
 */
export function busyRules(where: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`
    select c.id, c.takes_time, array[${FREE}] || coalesce(p.free_traits, '{}') as free
    from calendars c left join schedule_policies p on p.workspace_id = c.workspace_id
    where ${where}`;
}

/**
 * Whether an occurrence `o` takes up time under `rule`: its calendar takes time, and none of its traits is
 * free.
 */
export const BLOCKS = Prisma.sql`(rule.takes_time and not (o.traits && rule.free))`;

/** Key of the advisory lock on a workspace's busy rule. */
const lockKey = (workspaceId: Prisma.Sql) =>
  Prisma.sql`hashtextextended('busy rule of ' || ${workspaceId}, 0)`;

/**
 * SQL expression that takes a shared lock on a workspace's busy rule until the transaction ends. A writer of
 * `busy` takes it after locking the calendar's sync state, in a statement before the one that reads the rule.
 * A change of the policy waits for such writers and then sees their rows. Without the lock, a page computed
 * under the old policy could be committed after the new one.
 */
export function busyRuleHeld(workspaceId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`pg_advisory_xact_lock_shared(${lockKey(workspaceId)}) is not null`;
}

/** Runs {@link busyRuleHeld} as a statement of its own. */
export async function holdBusyRule(transaction: Transaction, workspaceId: string): Promise<void> {
  await transaction.$queryRaw`select ${busyRuleHeld(Prisma.sql`${workspaceId}`)} as held`;
}

/**
 * Takes the exclusive lock: waits for every writer of `busy` in the workspace, and makes others wait until
 * the transaction ends. Locks no calendar.
 */
export async function lockBusyRule(transaction: Transaction, workspaceId: string): Promise<void> {
  await transaction.$queryRaw`
    select pg_advisory_xact_lock(${lockKey(Prisma.sql`${workspaceId}`)}) is not null as locked`;
}

/**
 * Brings `busy` in line with policy and calendars, in one statement that writes only what differs. `busy`
 * belongs to the read model and is not in the change log, which records events as Google has them. Rows
 * written by an earlier release have no traits; they stay as they are until their events are expanded again.
 * @param calendarIds calendars of the workspace to update; default: all
 * @returns number of changed occurrences
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
