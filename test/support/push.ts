import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Notification } from '../../api/push/read-notification.ts';
import type { Database } from '../../prisma/client.ts';

/** A live channel of a calendar as its row has it, and the notification that Google would send on it. */
export async function openChannelRow(
  database: Database,
  calendarId: string,
  { status = 'live', resourceId = 'resource-1' }: { status?: string; resourceId?: string | null } = {},
): Promise<Notification> {
  const [channelId, token] = [randomUUID(), randomBytes(32).toString('base64url')];
  await database.watchChannel.create({
    data: {
      id: channelId,
      calendarId,
      status,
      resourceId,
      tokenHash: createHash('sha256').update(token).digest(),
      expiresAt: new Date(Date.now() + 86_400_000),
      renewAt: new Date(Date.now() + 43_200_000),
    },
  });
  return {
    channelId,
    token,
    resourceId: 'resource-1',
    state: 'exists',
    googleCalendarId: null,
    expiresAt: new Date(Date.now() + 86_400_000),
  };
}

/** A notification as it comes over HTTP. */
export function headersOf(notification: Notification): Record<string, string> {
  const { channelId, token, resourceId, state, googleCalendarId, expiresAt } = notification;
  return {
    'content-type': 'application/json; utf-8',
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'x-goog-channel-id': channelId,
    'x-goog-channel-token': token,
    ...(expiresAt && { 'x-goog-channel-expiration': expiresAt.toUTCString() }),
    'x-goog-message-number': '2',
    'x-goog-resource-id': resourceId,
    'x-goog-resource-state': state,
    'x-goog-resource-uri': `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(googleCalendarId ?? '')}/events?alt=json`,
  };
}
