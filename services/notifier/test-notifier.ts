import { InvalidInputError } from '../errors.ts';
import { claimAtOnce, sendAtOnce, type Sent } from './at-once.ts';
import { type NotifierContext, type NotifierScope, openReceiver, requireNotifier } from './notifiers.ts';

/**
 * Sends a test message at once, from this process.
 * @throws NotFoundError when the scope has no such notifier
 * @throws InvalidInputError when its e-mail address has not been confirmed
 * @throws RateLimitedError when the scope has tested too often within an hour
 */
export async function testNotifier(
  context: NotifierContext,
  scope: NotifierScope,
  notifierId: string,
): Promise<Sent> {
  const notifier = await requireNotifier(context.database, scope, notifierId);
  if (notifier.status === 'unconfirmed')
    throw new InvalidInputError('notifier', 'must be confirmed first, with the code of its e-mail');
  const message = await claimAtOnce(context.database, { scope, notifierId: notifier.id, topic: 'test' });
  return sendAtOnce(context, message, openReceiver(notifier, context.tokenCipher), {
    topic: 'test',
    headline: 'Almanac sends a test',
    lines: [`It reaches the notifier "${notifier.name}". There is nothing to do.`],
  });
}
