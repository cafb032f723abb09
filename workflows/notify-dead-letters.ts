import type { SendNoticesResult } from '../contracts/sync-activities.ts';
import { database } from './activities.ts';

/**
 * Tells whoever runs Almanac of new dead letters: one message for all of them. Started every five minutes by the
 * schedule `calendar-dead-letter-notices`.
 */
export async function notifyDeadLetters(): Promise<SendNoticesResult> {
  return database.sendNotices();
}
