import type { FastifyInstance } from 'fastify';
import { openCalendar } from '../events/event-context.ts';
import { answer } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { notFound } from '../http/google-error.ts';
import { readChannelRequest } from '../push/channel-request.ts';
import { digest } from '../state/opaque-token.ts';
import { paramOf, stringsOf } from '../http/request-parts.ts';

/** events.watch and channels.stop */
export function channelRoutes(server: FastifyInstance, { state, channels }: EmulatorContext): void {
  server.post('/calendar/v3/calendars/:calendarId/events/watch', async (request, reply) => {
    const { email, clientId } = callerOf(request);
    const calendarId = paramOf(request, 'calendarId');
    const { store } = openCalendar(state, email, calendarId);
    const asked = readChannelRequest(request.body, {
      nowMs: state.nowMs(),
      pushSupported: store.meta.pushSupported,
      isUsed: (id) => channels.isUsed(clientId, id),
    });
    const resourceUri = `https://www.googleapis.com/calendar/v3/calendars/${encodeURIComponent(store.meta.id)}/events?alt=json`;
    const resourceId = digest([email, store.meta.id, 'events']);
    channels.open({
      ...asked,
      resourceId,
      resourceUri,
      calendarId: store.meta.id,
      email,
      clientId,
      messageNumber: 0,
    });
    return answer(request, reply, {
      kind: 'api#channel',
      id: asked.id,
      resourceId,
      resourceUri,
      ...(asked.token !== undefined && { token: asked.token }),
      expiration: String(asked.expirationMs),
    });
  });

  server.post('/calendar/v3/channels/stop', async (request, reply) => {
    const { id, resourceId } = stringsOf(request.body);
    if (!channels.stop(id ?? '', resourceId ?? '', callerOf(request).email)) throw notFound();
    return reply.status(204).send();
  });
}
