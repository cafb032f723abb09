import { createHash, timingSafeEqual } from 'node:crypto';
import type { Database } from '../../prisma/client.ts';
import type { Notification } from './read-notification.ts';

/** The channel that a notification names, with the state of its calendar's sync. */
export interface KnownChannel {
  tokenHash: Uint8Array | null;
  resourceId: string | null;
  status: string;
  calendarId: string;
  workspaceId: string;
  /** Whether its calendar is synced. */
  syncable: boolean;
  /** Time of the latest recorded notification. */
  notifiedAt: Date | null;
  listingStartedAt: Date | null;
}

/** The channel with this ID, or null. */
export async function findChannel(database: Database, channelId: string): Promise<KnownChannel | null> {
  const [row] = await database.$queryRaw<KnownChannel[]>`
    select w.token_hash as "tokenHash", w.resource_id as "resourceId", w.status,
      c.id::text as "calendarId", c.workspace_id as "workspaceId",
      c.enabled and c.status <> 'removed' and a.status = 'connected' and s.next_sync_at is not null as syncable,
      s.notified_at as "notifiedAt", s.listing_started_at as "listingStartedAt"
    from watch_channels w
    join calendars c on c.id = w.calendar_id
    join calendar_auth_tokens a on a.id = c.account_id
    join calendar_sync_states s on s.calendar_id = c.id
    where w.id = ${channelId}::uuid`;
  return row ?? null;
}

/** Whether the notification has the channel's secret and is about its resource. */
export function isGenuine(
  { tokenHash, resourceId }: KnownChannel,
  notification: Pick<Notification, 'token' | 'resourceId'>,
): boolean {
  if (tokenHash === null) return false;
  const digest = createHash('sha256').update(notification.token).digest();
  if (digest.length !== tokenHash.length || !timingSafeEqual(digest, tokenHash)) return false;
  return resourceId === null || resourceId === notification.resourceId;
}
