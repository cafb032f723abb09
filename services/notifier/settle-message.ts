import type { Database } from '../../prisma/client.ts';
import { NoticeRefusedError } from './notifier.ts';

/** A refused message is sent again after this time, then after twice as long, and so on. */
const FIRST_RETRY_SECONDS = 5 * 60;
const LONGEST_RETRY_SECONDS = 6 * 3_600;
/** Time after which a refused message is given up. */
const GIVEN_UP_AFTER_SECONDS = 24 * 3_600;

/** Outcome of an attempt. `unconfirmed`: it may have arrived, and is not sent again. */
export type AttemptOutcome =
  | { status: 'delivered' }
  | { status: 'unconfirmed'; reason: string }
  | { status: 'refused'; refusal: NoticeRefusedError }
  /** Nothing is left to be said. */
  | { status: 'dropped'; reason: string };

/** Runs an attempt to send a message. Never throws. */
export async function outcomeOf(attempt: () => Promise<void>): Promise<AttemptOutcome> {
  try {
    await attempt();
    return { status: 'delivered' };
  } catch (error) {
    if (error instanceof NoticeRefusedError) return { status: 'refused', refusal: error };
    return { status: 'unconfirmed', reason: 'no answer' };
  }
}

interface Attempt {
  id: string;
  notifierId: string;
  attempts: number;
}

/**
 * Records the outcome of an attempt, unless a later attempt has begun.
 * @param retries whether a refused message is sent again
 */
export async function settleMessage(
  database: Database,
  { id, notifierId, attempts }: Attempt,
  outcome: AttemptOutcome,
  { retries }: { retries: boolean },
): Promise<void> {
  const isRefused = outcome.status === 'refused';
  const reason = isRefused ? outcome.refusal.reason : 'reason' in outcome ? outcome.reason : null;
  const { isGone, retryAfterSeconds } = isRefused ? outcome.refusal : { isGone: false, retryAfterSeconds: 0 };
  const waitSeconds = Math.min(
    Math.max(FIRST_RETRY_SECONDS * 2 ** (attempts - 1), retryAfterSeconds),
    LONGEST_RETRY_SECONDS,
  );
  const isOver = isGone || !retries;
  await database.$executeRaw`
    update notifier_messages set
      status = case
        when not ${isRefused} then ${outcome.status}
        when ${isOver} or created_at < now() - make_interval(secs => ${GIVEN_UP_AFTER_SECONDS}) then 'failed'
        else 'retrying' end,
      reason = ${reason}::text,
      next_attempt_at = now() + make_interval(secs => ${waitSeconds}),
      settled_at = case
        when not ${isRefused} or ${isOver} or created_at < now() - make_interval(secs => ${GIVEN_UP_AFTER_SECONDS})
        then now() end
    where id = ${id}::uuid and attempts = ${attempts} and status in ('sending', 'unconfirmed')`;
  if (isGone) await database.notifier.updateMany({ where: { id: notifierId }, data: { status: 'gone' } });
}
