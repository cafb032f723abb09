import { CHANNEL_LIFE_MS } from '../../services/push/channel-conditions.ts';
import type { Database } from '../../prisma/client.ts';
import type { Notification } from './read-notification.ts';
import { MINUTE_MS } from '../../contracts/durations.ts';

/** Bounds the stop requests to Google per day that forged channel IDs can cause. */
const MOST_PER_DAY = 1_000;
/** A calendar has one channel, or two during a renewal. Also bounds forged ones per calendar. */
const MOST_PER_CALENDAR_A_DAY = 5;
const MOST_PER_MINUTE = 20;
/** Per source address, so that one forger does not use up the limit. */
const MOST_PER_ADDRESS_A_MINUTE = 10;
/** Allowance for differing clocks. */
const LEEWAY_MS = 60 * MINUTE_MS;

/**
 * Adopts channels that Google knows and the database does not, after a restored backup or a purged account.
 */
export interface ChannelAdoption {
  /** Records the channel, if its calendar is known, so that the next upkeep stops it. */
  adopt(notification: Notification, from: string): Promise<void>;
}

export function createChannelAdoption(database: Database): ChannelAdoption {
  let minute = 0;
  let adoptions = 0;
  /** Adoptions of this minute by source address; never more entries than adoptions. */
  const byAddress = new Map<string, number>();

  function isWithinLimit(from: string): boolean {
    const current = Math.floor(Date.now() / MINUTE_MS);
    if (current !== minute) {
      [minute, adoptions] = [current, 0];
      byAddress.clear();
    }
    const own = (byAddress.get(from) ?? 0) + 1;
    if (adoptions >= MOST_PER_MINUTE || own > MOST_PER_ADDRESS_A_MINUTE) return false;
    adoptions += 1;
    byAddress.set(from, own);
    return true;
  }

  /** Runs adoptions one at a time, because concurrent statements do not count each other's rows. */
  let last: Promise<unknown> = Promise.resolve();

  async function remember({ channelId, resourceId, googleCalendarId, expiresAt }: Notification) {
    await database.$executeRaw`
      insert into watch_channels (id, calendar_id, status, resource_id, expires_at)
      select ${channelId}::uuid, c.id, 'stopping', ${resourceId}, ${expiresAt}
      from calendars c join calendar_auth_tokens a on a.id = c.account_id
      where c.google_calendar_id = ${googleCalendarId} and a.status = 'connected'
        -- Whether Google can have said so of a channel that is alive.
        and ${expiresAt} > now()
        and ${expiresAt} <= now() + ${CHANNEL_LIFE_MS + LEEWAY_MS}::float8 * interval '1 millisecond'
        and (select count(*) from watch_channels
          where token_hash is null and created_at > now() - interval '1 day') < ${MOST_PER_DAY}::int
        and (select count(*) from watch_channels w join calendars known on known.id = w.calendar_id
          where known.google_calendar_id = c.google_calendar_id and w.token_hash is null
            and w.created_at > now() - interval '1 day') < ${MOST_PER_CALENDAR_A_DAY}::int
      order by c.id limit 1
      on conflict (id) do nothing`;
  }

  return {
    async adopt(notification, from) {
      if (notification.googleCalendarId === null || notification.expiresAt === null || !isWithinLimit(from))
        return;
      const remembered = last.then(() => remember(notification));
      last = remembered.catch(() => undefined);
      await remembered;
    },
  };
}
