import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { InvalidInputError } from '../../services/errors.ts';

/** Contents of a notification's headers; its body is empty. */
export interface Notification {
  channelId: string;
  /** Secret given when the channel was opened; empty if there is none. */
  token: string;
  resourceId: string;
  /** `sync`: the channel was opened. Otherwise the calendar has changed; a listing shows how. */
  state: 'sync' | 'exists' | 'not_exists';
  /** Google's ID of the calendar; null if the resource URI does not contain it. */
  googleCalendarId: string | null;
  /** End of the channel; null if missing or not an instant. */
  expiresAt: Date | null;
}

/** Google documents 64 characters for channel IDs and 256 for tokens; resource IDs are only called opaque. */
const text = (most: number) => {
  const error = `must be 1 to ${most} printable ASCII characters`;
  return z.string({ error }).regex(new RegExp(`^[\\x21-\\x7e]{1,${most}}$`), error);
};
const STATES = ['sync', 'exists', 'not_exists'] as const;

const headersSchema = z.object({
  'x-goog-channel-id': text(64),
  'x-goog-channel-token': text(256).default(''),
  'x-goog-resource-id': text(256),
  'x-goog-resource-state': z.enum(STATES, { error: `must be one of ${STATES.join(', ')}` }),
});

const EVENTS_PATH = /^\/calendar\/v3\/calendars\/([^/]+)\/events$/;
const LONGEST_URI = 2_048;

/** @throws InvalidInputError if Google cannot have sent it */
export function readNotification(headers: IncomingHttpHeaders): Notification {
  const parsed = headersSchema.safeParse(headers);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw new InvalidInputError(String(issue?.path[0] ?? 'headers'), issue?.message ?? 'is malformed');
  }
  const {
    'x-goog-channel-id': channelId,
    'x-goog-channel-token': token,
    'x-goog-resource-id': resourceId,
    'x-goog-resource-state': state,
  } = parsed.data;
  const googleCalendarId = calendarOf(headers['x-goog-resource-uri']);
  const expiresAt = instantOf(headers['x-goog-channel-expiration']);
  return { channelId, token, resourceId, state, googleCalendarId, expiresAt };
}

/** Date in HTTP's format: `Mon, 30 Nov 2026 09:00:00 GMT`. */
const HTTP_DATE = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/;

function instantOf(expiration: string | string[] | undefined): Date | null {
  if (typeof expiration !== 'string' || !HTTP_DATE.test(expiration)) return null;
  const ms = Date.parse(expiration);
  return Number.isNaN(ms) ? null : new Date(ms);
}

function calendarOf(resourceUri: string | string[] | undefined): string | null {
  if (typeof resourceUri !== 'string' || resourceUri.length > LONGEST_URI || !URL.canParse(resourceUri)) {
    return null;
  }
  const encoded = EVENTS_PATH.exec(new URL(resourceUri).pathname)?.[1];
  try {
    return encoded === undefined ? null : decodeURIComponent(encoded);
  } catch {
    return null;
  }
}
