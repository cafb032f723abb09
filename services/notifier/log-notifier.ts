import { log } from '@temporalio/activity';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { Notifier } from './notifier.ts';

/** Announces dead letters in the worker's log: one structured line for each. */
export const logNotifier: Notifier = {
  async send({ notices, more }) {
    for (const notice of notices) {
      log.warn('Dead letter', { deadLetter: { ...notice, advice: RETRY_TABLE[notice.failureType].advice } });
    }
    if (more > 0) log.warn('More dead letters', { more });
  },
};
