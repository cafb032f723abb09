import { z } from 'zod';
import { resolveCalendarDeadLetters } from '../dead-letters/resolve-dead-letters.ts';
import type { GoogleCalendar } from '../google/google-calendar.ts';
import { appendChanges, forgetContent } from '../change-log/append-changes.ts';
import { deleteEvents } from '../mirror/delete-events.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import type { Transaction } from '../../prisma/client.ts';
import { NotFoundError } from '../errors.ts';
import { accountIdSchema, emailSchema, parseInput, workspaceIdSchema } from '../input.ts';
import { stopAccountChannels } from '../push/stop-account-channels.ts';
import { uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { revokeAccount, type RevokeContext, REVOCATIONS } from './revoke-account.ts';

/** Limit for an account with hundreds of thousands of events. */
const LONGEST_PURGE_MS = 2 * 60_000;

const disconnectSchema = z.object({
  workspaceId: workspaceIdSchema,
  account: z.union([accountIdSchema, emailSchema], 'must be the UUID or the address of an account'),
  /** Whether the account's calendars and events are deleted, too. */
  purge: z.boolean().default(false),
});

export const disconnectedSchema = z.object({
  id: uuid('the account'),
  workspaceId: z.string(),
  email: z.string(),
  revocation: z.enum(REVOCATIONS),
  calendars: z.int().describe('Calendars that were switched off, or deleted'),
  purged: z.boolean(),
});
export type DisconnectedAccount = z.infer<typeof disconnectedSchema>;

interface DisconnectContext extends RevokeContext {
  google: GoogleCalendar;
}

/**
 * Stops an account's push channels, revokes its grant at Google and deletes its tokens. Its calendars are
 * disabled but keep their events and sync tokens, because the account may be connected again. With `purge`,
 * account, calendars and events are deleted. A failure at Google does not stop the rest.
 * @throws NotFoundError when the workspace has no such account.
 */
export async function disconnectAccount(
  context: DisconnectContext,
  input: z.input<typeof disconnectSchema>,
): Promise<DisconnectedAccount> {
  const { workspaceId, account, purge } = parseInput(disconnectSchema, input);
  const { database } = context;
  await requireWorkspace(database, workspaceId);
  const byId = accountIdSchema.safeParse(account).success;
  const found = await database.calendarAuthToken.findFirst({
    where: { workspaceId, ...(byId ? { id: account } : { email: account }) },
    select: { id: true, email: true, keyId: true, refreshToken: true },
  });
  if (found === null)
    throw new NotFoundError(`Workspace ${workspaceId} has no such account.`, {
      remedy: { action: RemedyAction.listAccounts, workspaceId },
    });
  const { id, email } = found;
  // Runs before the tokens are deleted, so that an interrupted call can be repeated.
  await stopAccountChannels(context, id);
  const revocation = await revokeAccount(context, found);
  const calendars = await database.$transaction(
    async (transaction) => {
      // A purge takes longer than the API's other statements.
      await transaction.$executeRaw`
        select set_config('statement_timeout', ${String(LONGEST_PURGE_MS)}, true)`;
      await lockAccount(transaction, id);
      return purge ? deleteAccount(transaction, workspaceId, id) : switchOff(transaction, id);
    },
    { timeout: LONGEST_PURGE_MS },
  );
  return { id, workspaceId, email, revocation, calendars, purged: purge };
}

/**
 * Locks rows in the order used everywhere: account, sync state, dead letters. Waits for page commits in
 * progress.
 */
async function lockAccount(transaction: Transaction, id: string): Promise<void> {
  await transaction.$queryRaw`select id from calendar_auth_tokens where id = ${id}::uuid for update`;
  await transaction.$queryRaw`
    select s.calendar_id from calendar_sync_states s join calendars c on c.id = s.calendar_id
    where c.account_id = ${id}::uuid order by s.calendar_id for update of s`;
}

async function switchOff(transaction: Transaction, id: string): Promise<number> {
  await transaction.calendarAuthToken.update({
    where: { id },
    data: {
      status: 'disconnected',
      refreshToken: new Uint8Array(),
      accessToken: null,
      accessTokenExpiresAt: null,
      refreshingUntil: null,
      scopes: [],
      lastError: null,
      calendarListDueAt: null,
      calendarListIncompleteSince: null,
    },
  });
  await transaction.calendarSyncState.updateMany({
    where: { calendar: { accountId: id } },
    data: { nextSyncAt: null },
  });
  const { count } = await transaction.calendar.updateMany({
    where: { accountId: id, enabled: true },
    data: { enabled: false, disconnected: true },
  });
  const calendars = await transaction.calendar.findMany({ where: { accountId: id }, select: { id: true } });
  await resolveCalendarDeadLetters(
    transaction,
    calendars.map((calendar) => calendar.id),
  );
  await transaction.$executeRaw`
    update dead_letters set status = 'resolved', closed_at = now()
    where account_id = ${id}::uuid and status = 'open'`;
  return count;
}

/**
 * Deletes the account and its data. The change log records every deleted event, and drops the events'
 * content.
 */
async function deleteAccount(transaction: Transaction, workspaceId: string, id: string): Promise<number> {
  const calendars = await transaction.calendar.findMany({ where: { accountId: id }, select: { id: true } });
  const calendarIds = calendars.map((calendar) => calendar.id);
  const changes = await deleteEvents(transaction, calendarIds);
  await transaction.$executeRaw`
    delete from workspace_calendar_sync_log l using calendars c
    where l.calendar_id = c.id and c.account_id = ${id}::uuid`;
  const { count } = await transaction.calendar.deleteMany({ where: { accountId: id } });
  await transaction.calendarAuthToken.delete({ where: { id } });
  await appendChanges(transaction, { workspaceId, correlationId: null }, changes);
  await forgetContent(transaction, calendarIds);
  return count;
}
