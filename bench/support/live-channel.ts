import { createHash, randomBytes, randomUUID } from 'node:crypto';
import type { Database } from '../../prisma/client.ts';

const DAY_MS = 86_400_000;
const RESOURCE_ID = 'bench';

/** The headers of a notification, which has no body. */
export type NotificationHeaders = Record<string, string>;

export function notificationHeaders(channelId: string, token: string): NotificationHeaders {
  return {
    'x-goog-channel-id': channelId,
    'x-goog-channel-token': token,
    'x-goog-resource-id': RESOURCE_ID,
    'x-goog-resource-state': 'exists',
  };
}

/** Enters a channel that Google has not heard of, and returns the headers of its notifications. */
export async function openChannel(database: Database, calendarId: string): Promise<NotificationHeaders> {
  const [id, token] = [randomUUID(), randomBytes(32).toString('base64url')];
  await database.watchChannel.create({
    data: {
      id,
      calendarId,
      status: 'live',
      resourceId: RESOURCE_ID,
      tokenHash: createHash('sha256').update(token).digest(),
      expiresAt: new Date(Date.now() + DAY_MS),
      renewAt: new Date(Date.now() + DAY_MS),
    },
  });
  return notificationHeaders(id, token);
}
