import { z } from 'zod';
import type { Database, Transaction } from '../../prisma/client.ts';
import { RateLimitedError } from '../errors.ts';
import { uuid } from '../shapes.ts';
import type { Message } from './message.ts';
import { type Receiver, sendMessage, type Sending } from './send-message.ts';
import { type AttemptOutcome, outcomeOf, settleMessage } from './settle-message.ts';

/** Messages of one topic per hour, of a workspace or of the installation: anyone's address may be the target. */
const MOST_PER_HOUR = 20;

const PLURAL = { test: 'tests of notifiers', confirmation: 'codes for e-mail addresses' } as const;

export const sentSchema = z.object({
  messageId: uuid('the message'),
  status: z
    .enum(['delivered', 'unconfirmed', 'failed'])
    .describe('`unconfirmed`: it may have arrived; `failed`: it certainly has not'),
  reason: z.string().optional().describe('Why it was not delivered: a status or a code'),
});
export type Sent = z.infer<typeof sentSchema>;

/** A message that is sent by the process that was asked to. */
export interface AtOnce {
  id: string;
  notifierId: string;
  at: Date;
}

/** @throws RateLimitedError when the scope has sent too many such messages within an hour */
export async function claimAtOnce(
  database: Database | Transaction,
  { scope, notifierId, topic }: { scope: string | null; notifierId: string; topic: keyof typeof PLURAL },
): Promise<AtOnce> {
  const [claimed] = await database.$queryRaw<{ id: string; at: Date }[]>`
    insert into notifier_messages (notifier_id, workspace_id, notice)
    select ${notifierId}::uuid, ${scope}::text, ${topic}
    where ${MOST_PER_HOUR} > (
      select count(*) from notifier_messages
      where workspace_id is not distinct from ${scope}::text and notice = ${topic}
        and created_at > now() - interval '1 hour')
    returning id::text, attempted_at as at`;
  if (claimed !== undefined) return { ...claimed, notifierId };
  throw new RateLimitedError(`There may be at most ${MOST_PER_HOUR} ${PLURAL[topic]} per hour.`);
}

/** Sends a claimed message once, and records the outcome. */
export async function sendAtOnce(
  { database, sending }: { database: Database; sending: Sending },
  { id, notifierId, at }: AtOnce,
  receiver: Receiver,
  words: Pick<Message, 'topic' | 'headline' | 'lines'>,
): Promise<Sent> {
  const message: Message = { id, at, data: {}, ...words };
  const outcome = await outcomeOf(() => sendMessage(sending, receiver, message));
  await settleMessage(database, { id, notifierId, attempts: 1 }, outcome, { retries: false });
  return { messageId: id, ...toResult(outcome) };
}

function toResult(outcome: AttemptOutcome): Omit<Sent, 'messageId'> {
  switch (outcome.status) {
    case 'delivered':
      return { status: 'delivered' };
    case 'refused':
      return { status: 'failed', reason: outcome.refusal.reason };
    default:
      return { status: 'unconfirmed', reason: outcome.reason };
  }
}
