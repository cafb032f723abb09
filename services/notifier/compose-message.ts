import type { Database } from '../../prisma/client.ts';
import type { ClaimedMessage } from './claim-message.ts';
import { composeAgenda } from './compose-agenda.ts';
import { composeLetters } from './compose-letters.ts';
import { composePlans } from './compose-plans.ts';
import type { Message } from './message.ts';

/** The message about its subjects, as far as there is still something to say. Null: nothing. */
export async function composeMessage(database: Database, message: ClaimedMessage): Promise<Message | null> {
  const { notice } = message;
  switch (notice) {
    case 'plan-applied':
      return composePlans(database, message);
    case 'daily-agenda':
      return composeAgenda(database, message);
    default:
      return composeLetters(database, message, notice);
  }
}
