import type { Transaction } from '../../prisma/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { holdBusyRule } from '../mirror/busy-rule.ts';
import type { ExpansionTarget } from '../mirror/expand-sources.ts';

type TargetRow = Omit<ExpansionTarget, 'calendarId' | 'horizon'> & {
  from: Date | null;
  to: Date | null;
  stamp: string;
};

/** Where and over what span the calendar's occurrences are expanded, and the version of its sync state. */
export async function readExpansionTarget(
  transaction: Transaction,
  calendarId: string,
): Promise<ExpansionTarget & { stamp: string }> {
  const [row] = await transaction.$queryRaw<TargetRow[]>`
    select c.workspace_id as "workspaceId", c.time_zone as "timeZone", s.horizon_from as "from", s.horizon_to as "to",
      s.xmin::text as stamp
    from calendar_sync_states s join calendars c on c.id = s.calendar_id
    where s.calendar_id = ${calendarId}::uuid`;
  if (!row?.from || !row.to) throw failure(FailureType.fenced, `Calendar ${calendarId} is no longer synced.`);
  const { workspaceId, timeZone, stamp, from, to } = row;
  return { workspaceId, calendarId, timeZone, stamp, horizon: { from, to } };
}

/** The same, with the sync state locked: no sync writes until the transaction ends, nor does a change of the policy. */
export async function lockExpansionTarget(
  transaction: Transaction,
  calendarId: string,
): Promise<ExpansionTarget & { stamp: string }> {
  const [state] = await transaction.$queryRaw<{ workspaceId: string }[]>`
    select workspace_id as "workspaceId" from calendar_sync_states where calendar_id = ${calendarId}::uuid for update`;
  if (state !== undefined) await holdBusyRule(transaction, state.workspaceId);
  return readExpansionTarget(transaction, calendarId);
}
