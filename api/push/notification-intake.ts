import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { createChannelAdoption } from './adopt-channel.ts';
import { CalendarPace } from './calendar-pace.ts';
import { createChannelLookup, isGenuine, type KnownChannel } from './known-channel.ts';
import type { Notification } from './read-notification.ts';

/**
 * Outcomes of a notification. `accepted`: a sync that includes the change is requested, or will be. `opened`:
 * Google confirmed a channel. `not-wanted`: the calendar is not synced, or the channel was stopped. `unknown`
 * and `forged`: ignored.
 */
export const NOTIFICATION_OUTCOMES = ['accepted', 'opened', 'not-wanted', 'unknown', 'forged'] as const;
export type NotificationOutcome = (typeof NOTIFICATION_OUTCOMES)[number];

export interface NotificationIntake {
  /** @param from source address; default: one shared by all unknown sources */
  receive(notification: Notification, correlationId: string, from?: string): Promise<NotificationOutcome>;
  /** Sends the waiting signals. */
  close(): Promise<void>;
}

/** Channel IDs, made by `randomUUID`. */
const uuidSchema = z.uuid({ version: 'v4' });

/**
 * Only a listing that began after the notification, not in the same millisecond, surely includes the change.
 */
function isServed({ notifiedAt, listingStartedAt }: Pick<KnownChannel, 'notifiedAt' | 'listingStartedAt'>) {
  return notifiedAt === null || (listingStartedAt !== null && notifiedAt < listingStartedAt);
}

/**
 * Handles Google's notifications. First it makes the calendar due in Postgres, until a listing that began
 * after the notification has finished; even if all else is lost, the next tick then brings the change in. The
 * signal to the workspace's sync only speeds that up. It is sent unless one is on its way to a listing that
 * has not begun, at most once a second and less often in a flood: Google notifies after a change, so any
 * later listing includes it.
 */
export function createNotificationIntake({
  database,
  almanac,
}: {
  database: Database;
  almanac: Pick<AlmanacClient, 'requestSync'>;
}): NotificationIntake {
  const adoption = createChannelAdoption(database);
  const pace = new CalendarPace();
  const findChannel = createChannelLookup(database);

  /**
   * Google still sends on a stopped channel, perhaps because the stop was lost: the next upkeep repeats it.
   */
  async function stopAgain(id: string): Promise<void> {
    await database.$executeRaw`
      update watch_channels set status = 'stopping'
      where id = ${id}::uuid and status = 'stopped' and expires_at > now()`;
  }

  async function makeDue({ calendarId, notifiedAt, listingStartedAt }: KnownChannel): Promise<void> {
    const isDue = notifiedAt !== null && (listingStartedAt === null || notifiedAt > listingStartedAt);
    if (isDue) return;
    await database.$executeRaw`
      update calendar_sync_states set notified_at = now(), next_sync_at = least(next_sync_at, now())
      where calendar_id = ${calendarId}::uuid and next_sync_at is not null`;
  }

  async function hurry(
    { calendarId, workspaceId, listingStartedAt }: KnownChannel,
    correlationId: string,
  ): Promise<void> {
    await pace.notify(calendarId, listingStartedAt, async () => {
      const state = await database.calendarSyncState.findUnique({
        where: { calendarId },
        select: { notifiedAt: true, listingStartedAt: true },
      });
      if (state === null || isServed(state)) return null;
      await almanac.requestSync({ workspaceId, calendarIds: [calendarId], source: 'push', correlationId });
      return state.notifiedAt;
    });
  }

  return {
    async receive(notification, correlationId, from = '') {
      const { channelId, resourceId, state } = notification;
      // Every real channel has such an ID, so others are not looked up.
      if (!uuidSchema.safeParse(channelId).success) return 'unknown';
      const channel = await findChannel(channelId.toLowerCase());
      if (channel === null) {
        await adoption.adopt(notification, from);
        return 'unknown';
      }
      if (!isGenuine(channel, notification)) return 'forged';
      if (channel.resourceId === null) {
        // The notification overtook Google's answer to the opening, or that answer was lost.
        await database.watchChannel.updateMany({
          where: { id: channelId, resourceId: null },
          data: { resourceId },
        });
      }
      if (channel.status === 'stopped') {
        await stopAgain(channelId);
        return 'not-wanted';
      }
      if (state === 'sync') return 'opened';
      if (!channel.syncable) return 'not-wanted';
      await makeDue(channel);
      await hurry(channel, correlationId);
      return 'accepted';
    },

    close: () => pace.close(),
  };
}
