import { activityInfo } from '@temporalio/activity';
import type { ApplicationFailure } from '@temporalio/common';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';
import type { SealedGrant } from '../google/sealed-grant.ts';
import type { GoogleCallError } from '../google/google-failure.ts';
import { toActivityFailure } from '../google/to-activity-failure.ts';

/**
 * Converts a failed call about channels into an activity failure. Revoked consent is left for a sync to
 * conclude: the account's calendar list becomes due, and the next tick reads it.
 */
export async function channelFailure(
  database: Database,
  grant: SealedGrant,
  { failure }: GoogleCallError,
): Promise<ApplicationFailure> {
  if (failure.type === FailureType.googleAuthRevoked) {
    await database.$executeRaw`
      update calendar_auth_tokens set calendar_list_due_at = now(), updated_at = now()
      where id = ${grant.accountId}::uuid and status = 'connected'`;
  }
  return toActivityFailure(failure, activityInfo().attempt, grant);
}
