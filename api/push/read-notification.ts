import type { IncomingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { InvalidInputError } from '../../services/errors.ts';

/** What Google says in the headers of a notification; its body is empty. */
export interface Notification {
  channelId: string;
  /** The secret that was given when the channel was opened. Empty: none. */
  token: string;
  resourceId: string;
  /** `sync`: the channel has been opened. Otherwise something has changed: what, the calendar itself says. */
  state: 'sync' | 'exists' | 'not_exists';
  /** Google's ID of the calendar. Null where the address of the resource does not tell. */
  googleCalendarId: string | null;
  /** When the channel ends. Null where the notification does not say, or nothing that is an instant. */
  expiresAt: Date | null;
}

/** Google documents 64 for IDs, 256 for tokens; of resource IDs it says only that they are opaque. */
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

/** @throws InvalidInputError when Google cannot have sent it. */
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

/** Google writes it as HTTP does: `Mon, 30 Nov 2026 09:00:00 GMT`. */
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
