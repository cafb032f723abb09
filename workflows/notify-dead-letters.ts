import type { SendNoticesResult } from '../contracts/sync-activities.ts';
import { database } from './activities.ts';

/**
 * Notifies the operator of new dead letters, in one message. Started every five minutes by the schedule
 * `calendar-dead-letter-notices`.
 */
export async function notifyDeadLetters(): Promise<SendNoticesResult> {
  return database.sendNotices();
}
