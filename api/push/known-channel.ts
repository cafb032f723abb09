import { createHash, timingSafeEqual } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Database } from '../../prisma/client.ts';
import { PREPARED } from '../../prisma/prepared-statements.ts';
import { isActiveWorkspace } from '../../services/active-workspaces.ts';
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

/**
 * Creates a function that finds the channel with an ID, or null, as it is after the call. Calls during a look-up
 * share the next one, so that a flood costs few statements.
 */
export function createChannelLookup(database: Database): (channelId: string) => Promise<KnownChannel | null> {
  let last: Promise<unknown> = Promise.resolve();
  /** The look-up that has not begun. */
  let next: { ids: Set<string>; found: Promise<Map<string, KnownChannel>> } | null = null;

  function schedule() {
    const ids = new Set<string>();
    // Requests that arrive together are read one after the other.
    const found = Promise.all([last, setImmediate()]).then(() => {
      next = null;
      return findChannels(database, ids);
    });
    last = found.catch(() => undefined);
    return { ids, found };
  }

  return async (channelId) => {
    next ??= schedule();
    next.ids.add(channelId);
    return (await next.found).get(channelId) ?? null;
  };
}

async function findChannels(
  database: Database,
  ids: ReadonlySet<string>,
): Promise<Map<string, KnownChannel>> {
  const rows = await database.$queryRaw<(KnownChannel & { id: string })[]>`${PREPARED}
    select w.id::text as id, w.token_hash as "tokenHash", w.resource_id as "resourceId", w.status,
      c.id::text as "calendarId", c.workspace_id as "workspaceId",
      c.enabled and c.status <> 'removed' and a.status = 'connected' and s.next_sync_at is not null
        and ${isActiveWorkspace('c.workspace_id')} as syncable,
      s.notified_at as "notifiedAt", s.listing_started_at as "listingStartedAt"
    from watch_channels w
    join calendars c on c.id = w.calendar_id
    join calendar_auth_tokens a on a.id = c.account_id
    join calendar_sync_states s on s.calendar_id = c.id
    where w.id = any(${[...ids]}::uuid[])`;
  return new Map(rows.map((row) => [row.id, row]));
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
