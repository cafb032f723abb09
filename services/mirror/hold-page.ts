import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { busyRuleHeld } from './busy-rule.ts';
import type { Fence } from './fence.ts';
import { HORIZON_FROM, HORIZON_TO, type HorizonSpan } from './horizon.ts';

/** Failure of an attempt that has lost its claim. It rolls the attempt's transaction back. */
export function fencedFailure(calendarId: string) {
  return failure(FailureType.fenced, `A later attempt or run has taken over calendar ${calendarId}.`);
}

/** Span for which a calendar's occurrences are stored, and the span for which they should be. */
interface HeldPage {
  stored: HorizonSpan;
  today: HorizonSpan;
}

/**
 * First statement of a commit: locks the calendar's sync state, checks the claim, and gives a calendar
 * without a horizon today's. The horizon roll takes the same lock. The busy rule is held, too (see
 * `busyRuleHeld`).
 */
export async function holdPage(transaction: Transaction, fence: Fence): Promise<HeldPage> {
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
