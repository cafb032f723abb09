import type { Database } from '../../prisma/client.ts';
import type { TokenCipher } from '../google/token-cipher.ts';
import { claimMessage, findWork, settleLostMessages, type Work } from './claim-message.ts';
import type { ReportOptions } from './compose-report.ts';
import { composeMessage } from './compose-message.ts';
import { NoticeRefusedError } from './notifier.ts';
import { openReceiver } from './notifiers.ts';
import { sendMessage, type Sending } from './send-message.ts';
import { type AttemptOutcome, outcomeOf, settleMessage } from './settle-message.ts';

/** Messages sent at once. */
const CONCURRENCY = 8;
/** No message begins later in a round, so that a round ends before its activity times out. */
const BEGINS_WITHIN_MS = 30_000;

export interface RoundContext {
  database: Database;
  tokenCipher: TokenCipher;
  sending: Sending;
  reports: ReportOptions;
}

/** Numbers of messages by outcome. */
export type RoundTotals = Partial<Record<AttemptOutcome['status'], number>>;

/**
 * Sends what notifiers have not been notified of. Each message is claimed, sent and settled; what cannot begin
 * in time is left to the next round, which begins with those that have waited longest. Thousands of reports may
 * be due at one hour, so work is looked for until there is none or the time is over.
 */
export async function sendToNotifiers(context: RoundContext, signal: AbortSignal): Promise<RoundTotals> {
  await settleLostMessages(context.database);
  const totals: RoundTotals = {};
  const until = Date.now() + BEGINS_WITHIN_MS;
  const isOver = () => signal.aborted || Date.now() > until;
  let claimed: number;
  do {
    const work = await findWork(context.database);
    claimed = 0;
    await Promise.all(
      Array.from({ length: CONCURRENCY }, async () => {
        for (let next = work.shift(); next !== undefined && !isOver(); next = work.shift()) {
          const status = await sendOne(context, next);
          if (status === null) continue;
          claimed += 1;
          totals[status] = (totals[status] ?? 0) + 1;
        }
      }),
    );
  } while (claimed > 0 && !isOver());
  return totals;
}

/** Null: another sender was faster. */
async function sendOne(context: RoundContext, work: Work): Promise<AttemptOutcome['status'] | null> {
  const { database, tokenCipher, sending } = context;
  const claimed = await claimMessage(database, work);
  if (claimed === null) return null;
  const notifier = await database.notifier.findUnique({ where: { id: claimed.notifierId } });
  const outcome = await composeMessage(database, claimed, context.reports).then<
    AttemptOutcome,
    AttemptOutcome
  >(
    (message) =>
      notifier === null || message === null
        ? { status: 'dropped', reason: 'nothing of it is open any more' }
        : outcomeOf(() => sendMessage(sending, receiver(), message)),
    // One message that cannot be written keeps no other from being sent.
    () => ({ status: 'refused', refusal: new NoticeRefusedError('it could not be written') }),
  );
  function receiver() {
    try {
      return openReceiver(notifier!, tokenCipher);
    } catch {
      throw new NoticeRefusedError('its key is not configured');
    }
  }
  await settleMessage(database, claimed, outcome, { retries: true });
  return outcome.status;
}
