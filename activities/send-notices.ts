import { log } from '@temporalio/activity';
import type { SendNoticesResult } from '../contracts/sync-activities.ts';
import { claimNotices, confirmNotices, releaseNotices } from '../services/dead-letters/claim-notices.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { NoticeRefusedError } from '../services/notifier/notifier.ts';

/**
 * Notifies the operator of new dead letters, in one message. Each dead letter is announced at most once: only
 * a message that was certainly refused is retried by the next run. One that may have arrived is not, and
 * neither is one that a dead worker had claimed (`notice_claimed_at` without `notified_at`).
 */
export function createSendNotices({
  database,
  notices: { notifier, messagesPerHour },
}: ActivityDependencies) {
  return async function sendNotices(_input: void): Promise<SendNoticesResult> {
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
  };
}
