import { stopChannel } from '../google/channels.ts';
import type { GoogleCalendar } from '../google/google-calendar.ts';
import { GoogleCallError } from '../google/google-failure.ts';
import { STOPPABLE_CHANNELS } from './channel-conditions.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';

/** Short, because a user who disconnects an account waits for it. */
const LONGEST_MS = 10_000;

/** Failures that concern one channel only, so that the next one is still tried. */
const NEXT_ONE: readonly FailureType[] = [FailureType.googleNotFound, FailureType.googleBadRequest];

/**
 * Stops an account's push channels; this needs the account's tokens. Google may be unavailable, or may have
 * ended the grant: a channel that is not stopped expires within a week, and its notifications are answered
 * and ignored.
 */
export async function stopAccountChannels(
  { database, google }: { database: Database; google: GoogleCalendar },
  accountId: string,
): Promise<void> {
  await database.watchChannel.updateMany({
    where: { calendar: { accountId }, status: { in: ['opening', 'live'] } },
    data: { status: 'stopping' },
  });
  const grant = await database.calendarAuthToken.findUnique({ where: { id: accountId } });
  if (grant === null || grant.refreshToken.length === 0) return;
  const channels = await database.$queryRaw<{ id: string; resourceId: string }[]>`
    select s.id::text, s.resource_id as "resourceId" from (${STOPPABLE_CHANNELS}) s
    join calendars c on c.id = s.calendar_id
    where c.account_id = ${accountId}::uuid and s.resource_id is not null and not s.adopted`;
  const signal = AbortSignal.timeout(LONGEST_MS);
  for (const channel of channels) {
    try {
      await stopChannel(google, { ...grant, accountId }, signal, channel);
    } catch (error) {
      if (!(error instanceof GoogleCallError) || !NEXT_ONE.includes(error.failure.type)) return;
    }
    await database.watchChannel.updateMany({ where: { id: channel.id }, data: { status: 'stopped' } });
  }
}
