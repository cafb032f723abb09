import { setTimeout as sleep } from 'node:timers/promises';
import type { Channel } from './channel.ts';

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

/**
 * Returns the status. No `AbortSignal.any` with a timeout: Node 20 may garbage-collect that before it fires.
 */
async function post(notification: Notification, signal: AbortSignal, timeoutMs: number): Promise<number> {
  const ends = new AbortController();
  const stop = () => ends.abort();
  const timer = setTimeout(stop, timeoutMs);
  signal.addEventListener('abort', stop, { once: true });
  try {
    signal.throwIfAborted();
    const response = await fetch(notification.channel.address, {
      method: 'POST',
      headers: headersOf(notification),
      redirect: 'manual',
      signal: ends.signal,
    });
    await response.body?.cancel();
    return response.status;
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', stop);
  }
}

/** Posts a notification the way Google does: everything is in the headers. 5xx answers are tried again. */
export async function deliver(
  notification: Notification,
  signal: AbortSignal,
  timeoutMs = TIMEOUT_MS,
): Promise<void> {
  for (let attempt = 1; attempt <= MAX_ATTEMPTS; attempt++) {
    if (!RETRIED.has(await post(notification, signal, timeoutMs))) return;
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
