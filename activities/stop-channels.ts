import { cancellationSignal } from '@temporalio/activity';
import { FailureType } from '../contracts/failure-types.ts';
import type { CalendarChannelsInput, StopChannelsResult } from '../contracts/push.ts';
import type { ActivityDependencies } from './dependencies.ts';
import type { SealedGrant } from '../services/google/sealed-grant.ts';
import { stopChannel } from '../services/google/channels.ts';
import { GoogleCallError } from '../services/google/google-failure.ts';
import { channelFailure } from '../services/push/channel-failure.ts';
import { STOPPABLE_CHANNELS } from '../services/push/channel-conditions.ts';

/** A calendar usually has one channel to stop, rarely two; forged notifications may add more. */
const CHANNELS_PER_RUN = 50;
/** Most accounts of one calendar to try when the account that opened an adopted channel is unknown. */
const MOST_GRANTS = 5;

/** Google does not know a channel with these IDs, so there is nothing to stop. */
const NOTHING_TO_STOP: readonly FailureType[] = [FailureType.googleNotFound, FailureType.googleBadRequest];

interface StoppableChannel {
  id: string;
  resourceId: string;
  adopted: boolean;
}

interface CalendarGrant extends SealedGrant {
  /** Whether the grant belongs to the account of the calendar's row. */
  own: boolean;
}

/** Stops the channels of a calendar that are marked for it. Stopping one again is not a failure. */
export function createStopChannels({ database, google }: ActivityDependencies) {
  /** Grants of the connected accounts that have the calendar, its own account first. */
  async function findGrants(calendarId: string): Promise<CalendarGrant[]> {
    return database.$queryRaw<CalendarGrant[]>`
      select c.id = one.id as own, a.id::text as "accountId", a.key_id as "keyId",
        a.refresh_token as "refreshToken", a.access_token as "accessToken",
        a.access_token_expires_at as "accessTokenExpiresAt"
      from calendars one
      join calendars c on c.google_calendar_id = one.google_calendar_id
      join calendar_auth_tokens a on a.id = c.account_id
      where one.id = ${calendarId}::uuid and a.status = 'connected'
      order by c.id <> one.id, c.id limit ${MOST_GRANTS}::int`;
  }

  async function stop(grant: SealedGrant, { id, resourceId }: StoppableChannel): Promise<boolean> {
    try {
      await stopChannel(google, grant, cancellationSignal(), { id, resourceId });
      return true;
    } catch (error) {
      if (!(error instanceof GoogleCallError)) throw error;
      if (NOTHING_TO_STOP.includes(error.failure.type)) return false;
      throw await channelFailure(database, grant, error);
    }
  }

  return async function stopChannels({ calendarId }: CalendarChannelsInput): Promise<StopChannelsResult> {
    const channels = await database.$queryRaw<StoppableChannel[]>`
      select id::text, resource_id as "resourceId", adopted from (${STOPPABLE_CHANNELS}) s
      where calendar_id = ${calendarId}::uuid and resource_id is not null
      order by adopted, created_at limit ${CHANNELS_PER_RUN}::int`;
    const grants = await findGrants(calendarId);
    let stopped = 0;
    for (const channel of channels) {
      // The account that opened an adopted channel is unknown.
      const able = channel.adopted ? grants : grants.filter(({ own }) => own);
      if (able.length === 0) continue;
      for (const grant of able) if (await stop(grant, channel)) break;
      const { count } = await database.watchChannel.updateMany({
        where: { id: channel.id, status: 'stopping' },
        data: { status: 'stopped' },
      });
      stopped += count;
    }
    return { stopped };
  };
}
