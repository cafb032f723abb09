import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { RateLimitedError } from '../errors.ts';
import { uuid } from '../shapes.ts';
import type { Message } from './message.ts';
import { type NotifierContext, type NotifierScope, openReceiver, requireNotifier } from './notifiers.ts';
import { sendMessage } from './send-message.ts';
import { type AttemptOutcome, outcomeOf, settleMessage } from './settle-message.ts';

/** Tests of a workspace or of the installation per hour: anyone's address may be the target. */
const TESTS_PER_HOUR = 20;

export const testedSchema = z.object({
  messageId: uuid('the message'),
  status: z
    .enum(['delivered', 'unconfirmed', 'failed'])
    .describe('`unconfirmed`: it may have arrived; `failed`: it certainly has not'),
  reason: z.string().optional().describe('Why it was not delivered: a status or a code'),
});
export type TestedNotifier = z.infer<typeof testedSchema>;

/**
 * Sends a test message at once, from this process.
 * @throws NotFoundError when the scope has no such notifier
 * @throws RateLimitedError when the scope has tested too often within an hour
 */
export async function testNotifier(
  { database, tokenCipher, sending }: NotifierContext,
  scope: NotifierScope,
  notifierId: string,
): Promise<TestedNotifier> {
  const notifier = await requireNotifier(database, scope, notifierId);
  const { id, at } = await claimTest(database, scope, notifier.id);
  const message: Message = {
    id,
    topic: 'test',
    headline: 'Almanac sends a test',
    lines: [`It reaches the notifier "${notifier.name}". There is nothing to do.`],
    data: {},
    at,
  };
  const outcome = await outcomeOf(() => sendMessage(sending, openReceiver(notifier, tokenCipher), message));
  await settleMessage(database, { id, notifierId: notifier.id, attempts: 1 }, outcome, { retries: false });
  return { messageId: id, ...toResult(outcome) };
}

async function claimTest(database: Database, scope: NotifierScope, notifierId: string) {
  const [claimed] = await database.$queryRaw<{ id: string; at: Date }[]>`
    insert into notifier_messages (notifier_id, workspace_id, notice)
    select ${notifierId}::uuid, ${scope}::text, 'test'
    where ${TESTS_PER_HOUR} > (
      select count(*) from notifier_messages
      where workspace_id is not distinct from ${scope}::text and notice = 'test'
        and created_at > now() - interval '1 hour')
    returning id::text, attempted_at as at`;
  if (claimed !== undefined) return claimed;
  throw new RateLimitedError(`There may be at most ${TESTS_PER_HOUR} tests of notifiers per hour.`);
}

function toResult(outcome: AttemptOutcome): Omit<TestedNotifier, 'messageId'> {
  switch (outcome.status) {
    case 'delivered':
      return { status: 'delivered' };
    case 'refused':
      return { status: 'failed', reason: outcome.refusal.reason };
    default:
      return { status: 'unconfirmed', reason: outcome.reason };
  }
}
