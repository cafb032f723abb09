import type { ReleaseAccountInput } from '../contracts/tenancy.ts';
import { googleWork } from '../services/planning/write-back/google-work.ts';
import { deleteOwnCalendars } from '../services/tenancy/release-account.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Deletes the calendars that Almanac made in an account, if that was asked for. Idempotent. */
export function createDeleteOwnCalendars({ database, google }: ActivityDependencies) {
  return async (input: ReleaseAccountInput): Promise<void> =>
    googleWork((signal) => deleteOwnCalendars({ database, google, signal }, input));
}
