import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { busyRuleHeld } from './busy-rule.ts';
import type { Fence } from './fence.ts';
import { HORIZON_FROM, HORIZON_TO, type HorizonSpan } from './horizon.ts';

/** The failure of an attempt that has lost its claim. Its transaction is rolled back with it. */
export function fencedFailure(calendarId: string) {
  return failure(FailureType.fenced, `A later attempt or run has taken over calendar ${calendarId}.`);
}

/** The span that the calendar's occurrences are stored for, and the one they have to be stored for. */
interface HeldHorizon {
  stored: HorizonSpan;
  today: HorizonSpan;
}

/**
/**
 * First statement of a commit: locks the calendar's sync state, checks the claim, and gives a calendar that has none
 * today's horizon. The horizon roll takes the same lock. What takes up time stays as it is ruled, too.
 */
export async function holdPage(transaction: Transaction, fence: Fence): Promise<HeldHorizon> {
  const [row] = await transaction.$queryRaw<{ from: Date; to: Date; todayFrom: Date; todayTo: Date }[]>`
    update calendar_sync_states s
    set horizon_from = coalesce(horizon_from, ${HORIZON_FROM}), horizon_to = coalesce(horizon_to, ${HORIZON_TO})
    where calendar_id = ${fence.calendarId}::uuid and fence_run_id = ${fence.runId}
      and fence_listing = ${fence.listing}::int and fence_page = ${fence.part}::int
      and fence_attempt = ${fence.attempt}::int
    returning horizon_from as "from", horizon_to as "to", ${HORIZON_FROM} as "todayFrom", ${HORIZON_TO} as "todayTo",
      ${busyRuleHeld(Prisma.sql`s.workspace_id`)} as held`;
  if (row === undefined) throw fencedFailure(fence.calendarId);
  const { from, to, todayFrom, todayTo } = row;
  return { stored: { from, to }, today: { from: todayFrom, to: todayTo } };
}
