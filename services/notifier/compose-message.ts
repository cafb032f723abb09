import type { Database } from '../../prisma/client.ts';
import type { ClaimedMessage } from './claim-message.ts';
import { composeLetters } from './compose-letters.ts';
import { composePlans } from './compose-plans.ts';
import { composeReport, type ReportOptions } from './compose-report.ts';
import type { Message } from './message.ts';

/** The message about its subjects, as far as there is still something to say. Null: nothing. */
export async function composeMessage(
  database: Database,
  message: ClaimedMessage,
  options: ReportOptions,
): Promise<Message | null> {
  const { notice } = message;
  switch (notice) {
    case 'plan-applied':
      return composePlans(database, message);
    case 'daily-agenda':
    case 'weekly-summary':
    case 'health-report':
      return composeReport(database, message, notice, options);
    default:
      return composeLetters(database, message, notice);
  }
}
