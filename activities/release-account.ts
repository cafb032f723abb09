import { activityInfo, cancellationSignal } from '@temporalio/activity';
import type { ReleaseAccountInput } from '../contracts/tenancy.ts';
import { releaseAccount } from '../services/tenancy/release-account.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Stops an account's push channels and ends its grant. Idempotent. */
export function createReleaseAccount({ database, google, oauth }: ActivityDependencies) {
  return async (input: ReleaseAccountInput): Promise<void> =>
    releaseAccount(
      { database, google, ...oauth, signal: cancellationSignal() },
      input,
      activityInfo().attempt,
    );
}
