import { CHANNEL_LIFE_MS } from '../../activities/push/channel-life.ts';
import type { Database } from '../../prisma/client.ts';
import type { Notification } from './read-notification.ts';

/** Whoever makes IDs up can have us ask Google to stop this many channels a day, and no more. */
const MOST_PER_DAY = 1_000;
const MOST_PER_MINUTE = 20;
const MINUTE_MS = 60_000;

/** Takes in channels that Google knows and we do not: of a database that was put back, of an account that was purged. */
export interface ChannelAdoption {
  /** Remembers the channel, if its calendar is ours, as one that the next upkeep is to stop. */
  adopt(notification: Notification): Promise<void>;
}

export function createChannelAdoption(database: Database): ChannelAdoption {
  let minute = 0;
  let adoptions = 0;

  function isWithinLimit(): boolean {
    const current = Math.floor(Date.now() / MINUTE_MS);
    if (current !== minute) [minute, adoptions] = [current, 0];
    adoptions += 1;
    return adoptions <= MOST_PER_MINUTE;
  }

  return {
    async adopt({ channelId, resourceId, googleCalendarId }) {
      if (googleCalendarId === null || !isWithinLimit()) return;
      await database.$executeRaw`
        insert into watch_channels (id, calendar_id, status, resource_id, expires_at)
        select ${channelId}::uuid, c.id, 'stopping', ${resourceId},
          now() + ${CHANNEL_LIFE_MS}::float8 * interval '1 millisecond'
        from calendars c join calendar_auth_tokens a on a.id = c.account_id
        where c.google_calendar_id = ${googleCalendarId} and a.status = 'connected'
          and (select count(*) from watch_channels
            where token_hash is null and created_at > now() - interval '1 day') < ${MOST_PER_DAY}::int
        order by c.id limit 1
        on conflict (id) do nothing`;
    },
  };
}
