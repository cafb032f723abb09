import { FailureType } from '../../contracts/failure-types.ts';
import type { ReleaseAccountInput } from '../../contracts/tenancy.ts';
import type { Database } from '../../prisma/client.ts';
import { revokeAccount, type RevokeContext } from '../accounts/revoke-account.ts';
import { failure } from '../failures.ts';
import type { GoogleCalendar } from '../google/google-calendar.ts';
import { GoogleCallError } from '../google/google-failure.ts';
import { deleteOwnCalendar, listOwnCalendars } from '../google/own-calendars.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import { stopAccountChannels } from '../push/stop-account-channels.ts';
import { readReceipt } from './receipts.ts';

/** Attempts to revoke a grant before the receipt says that its user has to remove it. */
const MOST_ATTEMPTS = 5;
/** Statuses of a calendar that is deleted already, by its user or by an attempt whose answer was lost. */
const GONE = [404, 410];

interface ReleaseContext extends RevokeContext {
  google: GoogleCalendar;
  signal: AbortSignal;
}

/**
 * Deletes the calendars that Almanac made in an account for the workspace, if the receipt says so.
 * @throws GoogleCallError when Google does not permit or not answer it; ApplicationFailure when the account has to
 *   be connected again first.
 */
export async function deleteOwnCalendars(
  { database, google, signal }: Pick<ReleaseContext, 'database' | 'google' | 'signal'>,
  { workspaceId, accountId }: ReleaseAccountInput,
): Promise<void> {
  const { ownCalendars, accounts } = await readReceipt(database, workspaceId);
  const account = await database.calendarAuthToken.findUnique({ where: { id: accountId, workspaceId } });
  if (!ownCalendars || account === null || accounts[accountId]?.grant !== undefined) return;
  if (account.status !== 'connected') return requireNoOwnCalendar(database, accountId);
  const grant = { ...account, accountId };
  for (const { googleCalendarId } of await listOwnCalendars(google, grant, signal, workspaceId)) {
    try {
      await deleteOwnCalendar(google, grant, signal, googleCalendarId);
      await countCalendar(database, workspaceId, accountId);
    } catch (error) {
      if (!(error instanceof GoogleCallError) || !GONE.includes(error.failure.status ?? 0)) throw error;
    }
  }
}

async function requireNoOwnCalendar(database: Database, accountId: string): Promise<void> {
  const left = await database.calendar.count({ where: { accountId, own: true, status: { not: 'removed' } } });
  if (left === 0) return;
  throw failure(FailureType.googleAuthRevoked, `Account ${accountId} is not connected any more.`);
}

/**
 * Stops an account's push channels and ends its grant, with the outcome in the receipt. An account that was
 * released before keeps its outcome.
 * @throws ApplicationFailure while Google does not take the revocation and another attempt may help.
 */
export async function releaseAccount(
  context: ReleaseContext,
  { workspaceId, accountId, calendarsError }: ReleaseAccountInput,
  attempt: number,
): Promise<void> {
  const { database } = context;
  const { accounts } = await readReceipt(database, workspaceId);
  const account = await database.calendarAuthToken.findUnique({ where: { id: accountId, workspaceId } });
  if (account === null || accounts[accountId]?.grant !== undefined) return;
  await stopAccountChannels(context, accountId);
  const grant = await revokeAccount(context, account);
  if (grant === 'failed' && attempt < MOST_ATTEMPTS)
    throw failure(FailureType.googleUnavailable, `Google has not ended the grant of account ${accountId}.`);
  const outcome = { grant, ...(calendarsError !== undefined && { calendarsError }) };
  await database.$executeRaw`
    update workspace_receipts set accounts = jsonb_set(accounts, array[${accountId}::text],
      coalesce(accounts->${accountId}::text, '{}') || ${toJsonb(outcome)}::jsonb)
    where workspace_id = ${workspaceId} and finished_at is null`;
}

async function countCalendar(database: Database, workspaceId: string, accountId: string) {
  await database.$executeRaw`
    update workspace_receipts set accounts = jsonb_set(accounts, array[${accountId}::text],
      coalesce(accounts->${accountId}::text, '{}') || jsonb_build_object('calendars',
        coalesce((accounts->${accountId}::text->>'calendars')::int, 0) + 1))
    where workspace_id = ${workspaceId} and finished_at is null`;
}
