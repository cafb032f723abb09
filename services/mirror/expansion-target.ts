import type { Transaction } from '../../prisma/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { holdBusyRule } from './busy-rule.ts';
import type { ExpansionTarget } from './expand-sources.ts';
import { HORIZON_FROM, HORIZON_IS_WRONG, HORIZON_TO, type HorizonSpan } from './horizon.ts';

type TargetRow = Omit<ExpansionTarget, 'calendarId' | 'horizon'> & {
  from: Date | null;
  to: Date | null;
  todayFrom: Date;
  todayTo: Date;
  horizonIsWrong: boolean;
  stamp: string;
};

/** Zone and span with which occurrences are compared, and the version of the calendar's sync state. */
export interface VerifiedTarget extends ExpansionTarget {
  stamp: string;
  /**
   * Span for which the occurrences are stored. `horizon` is the same, or today's if the stored one is wrong.
   */
  stored: HorizonSpan;
  horizonIsWrong: boolean;
}

/** Reads the zone and the span with which the calendar's occurrences have to be expanded. */
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

/**
 * As {@link readExpansionTarget}, with the sync state and the busy rule locked: no sync and no change of the
 * policy writes until the transaction ends.
 */
export async function lockExpansionTarget(
  transaction: Transaction,
  calendarId: string,
): Promise<VerifiedTarget> {
  const [state] = await transaction.$queryRaw<{ workspaceId: string }[]>`
    select workspace_id as "workspaceId" from calendar_sync_states where calendar_id = ${calendarId}::uuid for update`;
  if (state !== undefined) await holdBusyRule(transaction, state.workspaceId);
  return readExpansionTarget(transaction, calendarId);
}
