import { cancellationSignal, log } from '@temporalio/activity';
import type { SendNoticesResult } from '../contracts/sync-activities.ts';
import { claimNotices, confirmNotices, releaseNotices } from '../services/dead-letters/claim-notices.ts';
import { sendToNotifiers } from '../services/notifier/send-to-notifiers.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { NoticeRefusedError } from '../services/notifier/notifier.ts';

/**
 * Notifies the operator of new dead letters, in one message, and every notifier of what is new to it. Each dead
 * letter is announced at most once: only a message that was certainly refused is retried by a later run. One
 * that may have arrived is not, and neither is one that a dead worker had claimed (`notice_claimed_at` without
 * `notified_at`).
 */
export function createSendNotices(dependencies: ActivityDependencies) {
  const { database, notifiers, reports } = dependencies;
  return async function sendNotices(_input: void): Promise<SendNoticesResult> {
    const told = await tellOperator(dependencies);
    const messages = await sendToNotifiers({ database, ...notifiers, reports }, cancellationSignal());
    const { refused = 0, unconfirmed = 0 } = messages;
    if (refused + unconfirmed > 0)
      log.warn('Messages to notifiers were not delivered', { refused, unconfirmed });
    return Object.keys(messages).length === 0 ? told : { ...told, messages };
  };
}

async function tellOperator({
  database,
  notices: { notifier, messagesPerHour },
}: ActivityDependencies): Promise<SendNoticesResult> {
  const claimed = await claimNotices(database, messagesPerHour);
  if (claimed === null) return { outcome: 'nothing', letters: 0 };
  const { notices, more } = claimed;
  const letters = notices.length + more;
  try {
    await notifier.send({ notices, more });
  } catch (error) {
    if (!(error instanceof NoticeRefusedError)) {
      log.error('It is unknown whether a notice of dead letters has arrived', { deadLetters: letters });
      return { outcome: 'unknown', letters };
    }
    await releaseNotices(database, claimed);
    log.warn('A notice of dead letters was refused', { deadLetters: letters, reason: error.reason });
    return { outcome: 'refused', letters };
  }
  await confirmNotices(database, claimed);
  return { outcome: 'sent', letters };
}
