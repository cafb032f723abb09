import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openCalendar } from '../events/event-context.ts';
import { listEvents } from '../events/list-events.ts';
import { listInstances } from '../events/list-instances.ts';
import { parseListQuery } from '../events/list-query.ts';
import { answerText } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { paramOf, queryOf } from '../http/request-parts.ts';

/** events.list and events.instances */
export function eventListRoutes(server: FastifyInstance, { state }: EmulatorContext): void {
  const open = (request: FastifyRequest) =>
    openCalendar(state, callerOf(request).email, paramOf(request, 'calendarId'));

  server.get('/calendar/v3/calendars/:calendarId/events', async (request, reply) =>
    answerText(reply, listEvents(open(request), parseListQuery(queryOf(request)))),
  );
  server.get('/calendar/v3/calendars/:calendarId/events/:eventId/instances', async (request, reply) => {
    const eventId = paramOf(request, 'eventId');
    return answerText(reply, listInstances(open(request), eventId, queryOf(request)));
  });
}
