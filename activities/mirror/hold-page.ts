import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { failure } from '../failures.ts';
import { busyRuleHeld } from './busy-rule.ts';
import type { Fence } from './fence.ts';
import type { HorizonSpan } from './horizon.ts';

/** The failure of an attempt that has lost its claim. Its transaction is rolled back with it. */
export function fencedFailure(calendarId: string) {
  return failure(FailureType.fenced, `A later attempt or run has taken over calendar ${calendarId}.`);
}

/**
 * First statement of a commit: locks the calendar's sync state, checks the claim, and settles the horizon that
 * occurrences are expanded over. The horizon roll takes the same lock. What takes up time stays as it is ruled, too.
 */
export async function holdPage(
  transaction: Transaction,
  fence: Fence,
  today: HorizonSpan,
): Promise<HorizonSpan> {
  const [held] = await transaction.$queryRaw<HorizonSpan[]>`
    update calendar_sync_states s
    set horizon_from = coalesce(horizon_from, ${today.from}), horizon_to = coalesce(horizon_to, ${today.to})
    where calendar_id = ${fence.calendarId}::uuid and fence_run_id = ${fence.runId}
      and fence_listing = ${fence.listing}::int and fence_page = ${fence.part}::int
      and fence_attempt = ${fence.attempt}::int
    returning horizon_from as "from", horizon_to as "to", ${busyRuleHeld(Prisma.sql`s.workspace_id`)} as held`;
  if (held === undefined) throw fencedFailure(fence.calendarId);
  return { from: held.from, to: held.to };
}
