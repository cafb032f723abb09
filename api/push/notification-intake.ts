import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import type { AlmanacClient } from '../../client/almanac-client.ts';
import { createChannelAdoption } from './adopt-channel.ts';
import { CalendarPace } from './calendar-pace.ts';
import { findChannel, isGenuine, type KnownChannel } from './known-channel.ts';
import type { Notification } from './read-notification.ts';

/**
 * What came of a notification. `accepted`: a sync that shows the change has been asked for, or will be. `opened`: Google
 * has confirmed a channel. `not-wanted`: its calendar is not synced, or its channel was stopped. `unknown` and `forged`:
 * nothing was done.
 */
export const NOTIFICATION_OUTCOMES = ['accepted', 'opened', 'not-wanted', 'unknown', 'forged'] as const;
export type NotificationOutcome = (typeof NOTIFICATION_OUTCOMES)[number];

export interface NotificationIntake {
  /** @param from address that it comes from; default: one that all share that are not known */
  receive(notification: Notification, correlationId: string, from?: string): Promise<NotificationOutcome>;
  /** Sends what is waiting. */
  close(): Promise<void>;
}

/** As `randomUUID` makes them. */
const uuidSchema = z.uuid({ version: 'v4' });

/** A listing that began later shows what was notified of; one that began within the same millisecond may not. */
function isServed({ notifiedAt, listingStartedAt }: Pick<KnownChannel, 'notifiedAt' | 'listingStartedAt'>) {
  return notifiedAt === null || (listingStartedAt !== null && notifiedAt < listingStartedAt);
}

/**
 * Takes notifications of Google. The calendar is made due in Postgres before anything else, and stays so until a listing
 * that began after the notification is finished: that alone would bring the change in with the next tick, whatever is
 * lost. The signal to the workspace's sync only hurries. It is sent unless one is on its way to a listing that has not
 * begun, and at most once a second, in a flood more rarely: Google notifies after the change, so every listing that begins later shows it.
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

  /** Google may have the channel still, or its stop was not heard: the next upkeep stops it. */
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
      // All of ours are; nothing else is worth a look.
      if (!uuidSchema.safeParse(channelId).success) return 'unknown';
      const channel = await findChannel(database, channelId);
      if (channel === null) {
        await adoption.adopt(notification, from);
        return 'unknown';
      }
      if (!isGenuine(channel, notification)) return 'forged';
      if (channel.resourceId === null) {
        // Google tells before its answer to the opening is here, or that was lost.
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
