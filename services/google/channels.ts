import { z } from 'zod';
import type { SealedGrant } from './sealed-grant.ts';
import { type GoogleCalendar, malformedAnswer } from './google-calendar.ts';

const FIELDS = 'resourceId,expiration';

/** Google's guide shows the time as a number, its types as a string of digits. */
const channelSchema = z.object({
  resourceId: z.string().min(1),
  expiration: z.union([z.string(), z.number()]).transform(Number).pipe(z.int().positive()),
});

export interface ChannelRequest {
  googleCalendarId: string;
  /** At most 64 characters, unique in the whole project. */
  id: string;
  /** At most 256 characters; comes back with every notification. */
  token: string;
  address: string;
  lifeSeconds: number;
}

export interface OpenedChannel {
  resourceId: string;
  expiresAt: Date;
}

/** Opens a channel: Google posts a notification to `address` whenever an event of the calendar changes. */
export async function watchEvents(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  { googleCalendarId, id, token, address, lifeSeconds }: ChannelRequest,
): Promise<OpenedChannel> {
  const requestBody = { id, token, address, type: 'web_hook', params: { ttl: String(lifeSeconds) } };
  // A read request: it changes nothing in the calendar, so a pause of the account's writes does not apply.
  const answer = await google.call(grant, signal, 'events.watch', (api, options) =>
    api.events.watch({ calendarId: googleCalendarId, fields: FIELDS, requestBody }, options),
  );
  const channel = channelSchema.safeParse(answer);
  if (!channel.success) throw malformedAnswer();
  return { resourceId: channel.data.resourceId, expiresAt: new Date(channel.data.expiration) };
}

/** Stops a channel. Only the user who opened it can stop it. */
export async function stopChannel(
  google: GoogleCalendar,
  grant: SealedGrant,
  signal: AbortSignal,
  { id, resourceId }: { id: string; resourceId: string },
): Promise<void> {
  await google.call(grant, signal, 'channels.stop', (api, options) =>
    api.channels.stop({ requestBody: { id, resourceId } }, options),
  );
}
