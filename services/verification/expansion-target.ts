import type { Transaction } from '../../prisma/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { holdBusyRule } from '../mirror/busy-rule.ts';
import type { ExpansionTarget } from '../mirror/expand-sources.ts';
import { HORIZON_FROM, HORIZON_IS_WRONG, HORIZON_TO, type HorizonSpan } from '../mirror/horizon.ts';

type TargetRow = Omit<ExpansionTarget, 'calendarId' | 'horizon'> & {
  from: Date | null;
  to: Date | null;
  todayFrom: Date;
  todayTo: Date;
  horizonIsWrong: boolean;
  stamp: string;
};

/** What the calendar's occurrences are compared with, and the version of its sync state. */
export interface VerifiedTarget extends ExpansionTarget {
  stamp: string;
  /** The span that the occurrences are stored for; `horizon` is today's, unless that is only a day on. */
  stored: HorizonSpan;
  horizonIsWrong: boolean;
}

/** Where and over what span the calendar's occurrences have to be expanded. */
export async function readExpansionTarget(
  transaction: Transaction,
  calendarId: string,
): Promise<VerifiedTarget> {
  const [row] = await transaction.$queryRaw<TargetRow[]>`
    select c.workspace_id as "workspaceId", c.time_zone as "timeZone", s.horizon_from as "from", s.horizon_to as "to",
      ${HORIZON_FROM} as "todayFrom", ${HORIZON_TO} as "todayTo", ${HORIZON_IS_WRONG} as "horizonIsWrong",
      s.xmin::text as stamp
    from calendar_sync_states s join calendars c on c.id = s.calendar_id
    where s.calendar_id = ${calendarId}::uuid`;
  if (!row?.from || !row.to) throw failure(FailureType.fenced, `Calendar ${calendarId} is no longer synced.`);
  const { workspaceId, timeZone, stamp, from, to, todayFrom, todayTo, horizonIsWrong } = row;
  const stored = { from, to };
  const horizon = horizonIsWrong ? { from: todayFrom, to: todayTo } : stored;
  return { workspaceId, calendarId, timeZone, stamp, stored, horizonIsWrong, horizon };
}

/** The same, with the sync state locked: no sync writes until the transaction ends, nor does a change of the policy. */
export async function lockExpansionTarget(
  transaction: Transaction,
  calendarId: string,
): Promise<VerifiedTarget> {
  const [state] = await transaction.$queryRaw<{ workspaceId: string }[]>`
    select workspace_id as "workspaceId" from calendar_sync_states where calendar_id = ${calendarId}::uuid for update`;
  if (state !== undefined) await holdBusyRule(transaction, state.workspaceId);
  return readExpansionTarget(transaction, calendarId);
}
