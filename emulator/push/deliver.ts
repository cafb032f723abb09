import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from './channel-book.ts';

/** One message to a webhook. */
export interface Notification {
  channel: Channel;
  resourceState: 'sync' | 'exists' | 'not_exists';
  messageNumber: number;
}

const TIMEOUT_MS = 5000;
const MAX_ATTEMPTS = 3;
const FIRST_BACKOFF_MS = 100;
const RETRIED = new Set([500, 502, 503, 504]);

/** Posts a notification the way Google does: everything is in the headers. 5xx answers are tried again. */
export async function deliver(notification: Notification, signal: AbortSignal): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    const response = await fetch(notification.channel.address, {
      method: 'POST',
      headers: headersOf(notification),
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]),
    });
    await response.body?.cancel();
    if (!RETRIED.has(response.status)) return;
    await sleep(FIRST_BACKOFF_MS * 2 ** (attempt - 1), undefined, { signal });
  }
}

function headersOf({ channel, resourceState, messageNumber }: Notification): Record<string, string> {
  return {
    'content-type': 'application/json; utf-8',
    'user-agent': 'APIs-Google; (+https://developers.google.com/webmasters/APIs-Google.html)',
    'x-goog-channel-id': channel.id,
    'x-goog-channel-expiration': new Date(channel.expirationMs).toUTCString(),
    'x-goog-resource-id': channel.resourceId,
    'x-goog-resource-uri': channel.resourceUri,
    'x-goog-resource-state': resourceState,
    'x-goog-message-number': String(messageNumber),
    ...(channel.token !== undefined && { 'x-goog-channel-token': channel.token }),
  };
}
