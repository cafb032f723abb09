import type { Database } from '../../prisma/client.ts';
import type { ClaimedMessage } from './claim-message.ts';
import { composeLetters } from './compose-letters.ts';
import { composePlans } from './compose-plans.ts';
import type { Message } from './message.ts';

/** The message about its subjects, as far as there is still something to say. Null: nothing. */
export async function composeMessage(database: Database, message: ClaimedMessage): Promise<Message | null> {
  const { notice } = message;
  return notice === 'plan-applied'
    ? composePlans(database, message)
    : composeLetters(database, message, notice);
}
