import type { calendar_v3 } from 'googleapis/build/src/apis/calendar/index.js';
import { z } from 'zod';
import { hour } from '../../support/emulator/start.ts';
import { answer, at, type Case, GUIDES, insert, instant, REFERENCE, syncTokenOf, token } from './case.ts';
import { answerOf } from './target.ts';

export const RESOURCE_CASES: Case[] = [
  {
    name: 'an inserted event is answered with what Google adds',
    source: `${REFERENCE}/events#resource`,
    ask: async ({ api, calendarId }) =>
      answerOf(api.events.insert({ calendarId, requestBody: hour(at('05-01'), { summary: 'Inserted' }) })),
    expected: answer(
      200,
      z.looseObject({
        kind: z.literal('calendar#event'),
        etag: z.string().regex(/^".+"$/),
        id: z.string().regex(/^[a-v0-9]{5,1024}$/),
        status: z.literal('confirmed'),
        htmlLink: z.url(),
        created: instant,
        updated: instant,
        summary: z.literal('Inserted'),
        organizer: z.looseObject({ self: z.literal(true) }),
        start: z.looseObject({ dateTime: instant, timeZone: z.literal('Europe/Berlin') }),
        iCalUID: token,
        sequence: z.int(),
      }),
    ),
  },
  {
    name: 'occurrences of a series name it, and their original start',
    source: `${GUIDES}/recurringevents`,
    async ask(target) {
      const recurrence = ['RRULE:FREQ=WEEKLY;COUNT=2'];
      const eventId = await insert(target, hour(at('06-01'), { recurrence }));
      return answerOf(target.api.events.instances({ calendarId: target.calendarId, eventId }));
    },
    expected: answer(
      200,
      z.looseObject({
        kind: z.literal('calendar#events'),
        items: z
          .array(
            z.looseObject({
              recurringEventId: token,
              originalStartTime: z.looseObject({ dateTime: instant }),
            }),
          )
          .length(2),
      }),
    ),
  },
  {
    name: 'a cancelled occurrence is listed without showDeleted',
    source: `${REFERENCE}/events/list`,
    async ask(target) {
      const { api, calendarId } = target;
      const eventId = await insert(target, hour(at('07-01'), { recurrence: ['RRULE:FREQ=DAILY;COUNT=3'] }));
      const { data } = await api.events.instances({ calendarId, eventId });
      const syncToken = await syncTokenOf(target);
      await api.events.delete({ calendarId, eventId: data.items?.[1]?.id ?? '' });
      return answerOf(api.events.list({ calendarId, syncToken }));
    },
    expected: answer(
      200,
      z.looseObject({
        items: z
          .array(z.looseObject({ id: token, status: token }))
          .refine((items) =>
            items.some(
              (item) => item.status === 'cancelled' && item.recurringEventId && item.originalStartTime,
            ),
          ),
      }),
    ),
  },
  {
    name: 'a null in a patch removes an extended property',
    source: `${GUIDES}/extended-properties`,
    async ask(target) {
      const { api, calendarId } = target;
      const properties = { private: { keep: '1', drop: '2' } };
      const eventId = await insert(target, hour(at('08-01'), { extendedProperties: properties }));
      const requestBody = { extendedProperties: { private: { drop: null } } } as object;
      return answerOf(api.events.patch({ calendarId, eventId, requestBody }));
    },
    expected: answer(
      200,
      z.looseObject({ extendedProperties: z.object({ private: z.strictObject({ keep: z.literal('1') }) }) }),
    ),
  },
  {
    name: 'a version that the caller has is not sent again',
    source: `${GUIDES}/version-resources`,
    async ask(target) {
      const { api, calendarId } = target;
      const eventId = await insert(target, hour(at('08-02')));
      const { data } = await api.events.get({ calendarId, eventId });
      const headers = { 'If-None-Match': data.etag ?? '' };
      return answerOf(api.events.get({ calendarId, eventId }, { headers }));
    },
    expected: answer(304, z.unknown()),
  },
  {
    name: 'busy times are those of the events',
    source: `${REFERENCE}/freebusy/query`,
    async ask(target) {
      const { api, calendarId } = target;
      await insert(target, hour(at('09-01')));
      const requestBody = { timeMin: at('08-31'), timeMax: at('09-02'), items: [{ id: calendarId }] };
      const { status, body } = await answerOf(api.freebusy.query({ requestBody }));
      const { kind, calendars } = body as calendar_v3.Schema$FreeBusyResponse;
      return { status, body: { kind, calendar: calendars?.[calendarId] } };
    },
    expected: answer(
      200,
      z.object({
        kind: z.literal('calendar#freeBusy'),
        calendar: z.object({ busy: z.tuple([z.object({ start: instant, end: instant })]) }),
      }),
    ),
  },
  {
    name: 'a calendar that the caller made is in the list as its own',
    source: `${REFERENCE}/calendarList#resource`,
    ask: ({ api, calendarId }) => answerOf(api.calendarList.get({ calendarId })),
    expected: answer(
      200,
      z.looseObject({
        kind: z.literal('calendar#calendarListEntry'),
        summary: z.literal('Conformance'),
        timeZone: z.literal('Europe/Berlin'),
        accessRole: z.literal('owner'),
      }),
    ),
  },
];
