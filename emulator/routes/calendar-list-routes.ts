import type { FastifyInstance, FastifyRequest } from 'fastify';
import { calendarListEntry, listCalendars } from '../calendars/calendar-list.ts';
import { answer } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { forbidden, invalidBody, notFound } from '../http/google-error.ts';
import type { CalendarListEntry } from '../state/types.ts';
import { fieldsOf, paramOf, queryOf } from '../http/request-parts.ts';

const LIST = '/calendar/v3/users/me/calendarList';

/** calendarList.list, get, insert, patch, update and delete */
export function calendarListRoutes(server: FastifyInstance, { state }: EmulatorContext): void {
  const open = (request: FastifyRequest) => {
    const { email } = callerOf(request);
    const calendarId = paramOf(request, 'calendarId');
    const access = state.access(email, calendarId);
    const user = state.users.get(email);
    if (!access || !user) throw notFound();
    return { ...access, user };
  };

  server.get(LIST, async (request, reply) => {
    const user = state.users.get(callerOf(request).email);
    if (!user) throw notFound();
    return answer(request, reply, listCalendars(state, user, queryOf(request)));
  });
  server.get(`${LIST}/:calendarId`, async (request, reply) => {
    const { store, entry } = open(request);
    return answer(request, reply, calendarListEntry(store, entry));
  });
  server.post(LIST, async (request, reply) => {
    const user = state.users.get(callerOf(request).email);
    const { id } = fieldsOf(request.body);
    if (typeof id !== 'string') throw invalidBody('Missing calendar id.', 'required');
    const former = user?.entries.get(id);
    const store = state.calendars.get(id);
    // Only a calendar the user could see before can be subscribed to again.
    if (!user || !store || store.removed || !former) throw notFound();
    const entry = state.setEntry(user, id, { ...settable(request.body), deleted: false });
    return answer(request, reply, calendarListEntry(store, entry));
  });
  server.route({
    method: ['PATCH', 'PUT'],
    url: `${LIST}/:calendarId`,
    handler: async (request, reply) => {
      const { store, user } = open(request);
      const entry = state.setEntry(user, store.meta.id, settable(request.body));
      return answer(request, reply, calendarListEntry(store, entry));
    },
  });
  server.delete(`${LIST}/:calendarId`, async (request, reply) => {
    const { store, user, entry } = open(request);
    if (entry.accessRole === 'owner') {
      throw forbidden(
        'cannotUnsubscribeFromOwnCalendar',
        'Users cannot unsubscribe from their own calendars.',
        'calendar',
      );
    }
    state.setEntry(user, store.meta.id, { deleted: true });
    return reply.status(204).send();
  });
}

function settable(body: unknown): Partial<CalendarListEntry> {
  const { hidden, selected, summaryOverride, colorId, defaultReminders } = fieldsOf(body);
  return {
    ...(typeof hidden === 'boolean' && { hidden }),
    ...(typeof selected === 'boolean' && { selected }),
    ...(typeof summaryOverride === 'string' && { summaryOverride }),
    ...(typeof colorId === 'string' && { colorId }),
    ...(Array.isArray(defaultReminders) && { defaultReminders }),
  };
}
