import type { FastifyInstance, FastifyRequest } from 'fastify';
import { DEFAULT_TIME_ZONE } from '../state/emulator-state.ts';
import { removeCalendar } from '../calendars/remove-calendar.ts';
import { deleteEvent } from '../events/write-event.ts';
import { openCalendar } from '../events/event-context.ts';
import { answer } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { forbidden, invalidBody, notFound } from '../http/google-error.ts';
import { isTimeZone } from '../recurrence/zones.ts';
import type { CalendarMeta, CalendarStore } from '../state/calendar-store.ts';
import { fieldsOf, paramOf } from '../http/request-parts.ts';

const CALENDARS = '/calendar/v3/calendars';

/** calendars.insert, get, patch, update, delete and clear */
export function calendarRoutes(server: FastifyInstance, { state }: EmulatorContext): void {
  const open = (request: FastifyRequest) =>
    openCalendar(state, callerOf(request).email, paramOf(request, 'calendarId'));
  const openOwned = (request: FastifyRequest) => {
    const context = open(request);
    if (context.entry.accessRole !== 'owner') throw forbidden('forbidden', 'Forbidden');
    return context;
  };

  server.post(CALENDARS, async (request, reply) => {
    const { email, clientId } = callerOf(request);
    const user = state.users.get(email);
    if (!user) throw notFound();
    const fields = calendarFields(request.body);
    if (!fields.summary) throw invalidBody('Missing summary.', 'required');
    const id = `c_${state.newId()}@group.calendar.google.com`;
    const timeZone = fields.timeZone ?? state.calendars.get(email)?.timeZone ?? DEFAULT_TIME_ZONE;
    const store = state.addCalendar({
      ...fields,
      id,
      ownerEmail: email,
      clientId,
      summary: fields.summary,
      timeZone,
      pushSupported: true,
      primary: false,
    });
    state.setEntry(user, id, { accessRole: 'owner' });
    return answer(request, reply, calendarResource(store));
  });
  server.get(`${CALENDARS}/:calendarId`, async (request, reply) =>
    answer(request, reply, calendarResource(open(request).store)),
  );
  server.route({
    method: ['PATCH', 'PUT'],
    url: `${CALENDARS}/:calendarId`,
    handler: async (request, reply) => {
      const { store } = openOwned(request);
      store.changeMeta(calendarFields(request.body));
      state.emit('dirty');
      return answer(request, reply, calendarResource(store));
    },
  });
  server.delete(`${CALENDARS}/:calendarId`, async (request, reply) => {
    const { store } = openOwned(request);
    if (store.meta.primary)
      throw forbidden('cannotDeletePrimaryCalendar', 'Cannot delete primary calendar.', 'calendar');
    removeCalendar(state, store.meta.id);
    return reply.status(204).send();
  });
  server.post(`${CALENDARS}/:calendarId/clear`, async (request, reply) => {
    const context = openOwned(request);
    if (!context.store.meta.primary) throw invalidBody('Only the primary calendar can be cleared.');
    for (const { current } of context.store.order) {
      const { resource } = current;
      if (resource.status !== 'cancelled' && resource.recurringEventId === undefined)
        deleteEvent(context, resource.id);
    }
    return reply.status(204).send();
  });
}

function calendarFields(
  body: unknown,
): Partial<Pick<CalendarMeta, 'summary' | 'description' | 'location' | 'timeZone'>> {
  const source = fieldsOf(body);
  const fields: Record<string, string> = {};
  for (const key of ['summary', 'description', 'location', 'timeZone']) {
    const value = source[key];
    if (typeof value === 'string') fields[key] = value;
  }
  if (fields['timeZone'] !== undefined && !isTimeZone(fields['timeZone'])) {
    throw invalidBody('Invalid time zone.');
  }
  return fields;
}

function calendarResource({ meta, metaVersion }: CalendarStore) {
  return {
    kind: 'calendar#calendar',
    etag: `"${meta.id.length}${metaVersion.toString(36).padStart(12, '0')}"`,
    id: meta.id,
    summary: meta.summary,
    ...(meta.description !== undefined && { description: meta.description }),
    ...(meta.location !== undefined && { location: meta.location }),
    timeZone: meta.timeZone,
  };
}
