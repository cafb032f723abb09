import type { FastifyInstance, FastifyRequest } from 'fastify';
import { openCalendar } from '../events/event-context.ts';
import { viewOf } from '../events/list-events.ts';
import { parseFieldsMask } from '../http/fields-mask.ts';
import { one, wholeNumber } from '../events/list-query.ts';
import { moveEvent } from '../events/move-event.ts';
import type { EventInput } from '../events/normalize-event.ts';
import { resolveEvent } from '../events/resolve-event.ts';
import { viewSingle } from '../events/view.ts';
import {
  changeEvent,
  deleteEvent,
  importEvent,
  insertEvent,
  type WriteOptions,
} from '../events/write-event.ts';
import { answer } from '../http/answer.ts';
import { callerOf } from '../http/caller.ts';
import type { EmulatorContext } from '../http/emulator-context.ts';
import { invalidBody, invalidParameter } from '../http/google-error.ts';
import { SEND_UPDATES, type SendUpdates } from '../mail/mail-guests.ts';
import type { EventResource } from '../state/types.ts';
import { isRecord, paramOf, queryOf } from '../http/request-parts.ts';

const EVENTS = '/calendar/v3/calendars/:calendarId/events';

/** events.get, insert, import, patch, update, delete and move */
export function eventRoutes(server: FastifyInstance, { state }: EmulatorContext): void {
  const open = (request: FastifyRequest, calendarId = paramOf(request, 'calendarId')) =>
    openCalendar(state, callerOf(request).email, calendarId);
  const view = (request: FastifyRequest, resource: EventResource) => {
    const raw = queryOf(request);
    const fields = one(raw, 'fields');
    const mask = fields ? parseFieldsMask(fields) : undefined;
    const seen = viewOf(open(request), {
      timeZone: one(raw, 'timeZone'),
      maxAttendees: wholeNumber(raw, 'maxAttendees'),
      fields: undefined,
      fieldsText: '',
    });
    return viewSingle(resource, { ...seen, itemMask: mask ?? true });
  };

  server.get(`${EVENTS}/:eventId`, async (request, reply) => {
    const { resource } = resolveEvent(open(request).store, paramOf(request, 'eventId'));
    void reply.header('etag', resource.etag);
    if (request.headers['if-none-match'] === resource.etag) return reply.status(304).send();
    return reply.type('application/json; charset=UTF-8').send(JSON.stringify(view(request, resource)));
  });
  server.post(EVENTS, async (request, reply) =>
    answer(request, reply, insertEvent(open(request), bodyOf(request), optionsOf(request))),
  );
  server.post(`${EVENTS}/import`, async (request, reply) =>
    answer(request, reply, importEvent(open(request), bodyOf(request), optionsOf(request))),
  );
  for (const method of ['PATCH', 'PUT'] as const) {
    server.route({
      method,
      url: `${EVENTS}/:eventId`,
      handler: async (request, reply) => {
        const options = { ...optionsOf(request), replace: method === 'PUT' };
        const eventId = paramOf(request, 'eventId');
        return answer(request, reply, changeEvent(open(request), eventId, bodyOf(request), options));
      },
    });
  }
  server.delete(`${EVENTS}/:eventId`, async (request, reply) => {
    deleteEvent(open(request), paramOf(request, 'eventId'), optionsOf(request));
    return reply.status(204).send();
  });
  server.post(`${EVENTS}/:eventId/move`, async (request, reply) => {
    const destination = one(queryOf(request), 'destination');
    if (!destination) throw invalidParameter('destination', 'Required parameter: destination');
    const eventId = paramOf(request, 'eventId');
    const moved = moveEvent(open(request), open(request, destination), eventId, optionsOf(request));
    return answer(request, reply, moved);
  });
}

function bodyOf(request: FastifyRequest): EventInput {
  const { body } = request;
  if (!isRecord(body)) throw invalidBody('Bad Request', 'badRequest');
  return body;
}

const isSendUpdates = (text: string): text is SendUpdates => SEND_UPDATES.some((value) => value === text);

function optionsOf(request: FastifyRequest): WriteOptions {
  const raw = queryOf(request);
  const sendUpdates = one(raw, 'sendUpdates');
  if (sendUpdates !== undefined && !isSendUpdates(sendUpdates)) {
    throw invalidParameter(
      'sendUpdates',
      `Invalid string value: '${sendUpdates}'. Allowed values: [all, externalOnly, none]`,
    );
  }
  const conferenceDataVersion = Number(one(raw, 'conferenceDataVersion') ?? 0);
  if (conferenceDataVersion !== 0 && conferenceDataVersion !== 1) {
    throw invalidParameter('conferenceDataVersion', 'Invalid value. Values must be within the range: [0, 1]');
  }
  return {
    ifMatch: request.headers['if-match'],
    conferenceDataVersion,
    sendUpdates,
    byClient: true,
  };
}
