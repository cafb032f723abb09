import etag from '@fastify/etag';
import { z } from 'zod';
import {
  eventFieldSchema,
  eventTypeSchema,
  MAX_EVENTS_PER_PAGE,
  OCCURRENCE_STATUSES,
  occurrencePositionSchema,
  occurrenceSchema,
  pickedEventSchema,
  readEvents,
} from '../../services/reading/list-occurrences.ts';
import { proofSchema } from '../../services/reading/proof.ts';
import { attendeeSchema, searchSchema } from '../../services/reading/find-events.ts';
import { eventIdSchema, eventSchema, readEvent } from '../../services/reading/read-event.ts';
import { eventDetailSchema } from '../../services/workspaces.ts';
import { InvalidInputError } from '../../services/errors.ts';
import { listPastEvents, pastSchema } from '../../services/time-travel/list-past-events.ts';
import { asOfSchema } from '../../services/time-travel/moment.ts';
import { timeSchema } from '../../services/input.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { holdUntilSent } from '../big-reads.ts';
import { isKnown } from '../if-none-match.ts';
import { labelProof, proofQuery } from '../prove-answers.ts';
import {
  cursorOf,
  flag,
  nextCursor,
  pageLimit,
  toCursor,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const DEFAULT_PAGE_SIZE = 1_000;
const TIME = 'an instant such as 2026-01-05T09:00:00Z, or a date in the zone of the workspace';

/** What no past moment can be asked together with. */
const PRESENT_ONLY = ['busy', 'status', 'q', 'attendee', 'eventType', 'updatedSince', 'fields'] as const;

/** A query parameter that is repeated, or a list separated by commas. */
const list = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((items) => items.split(',')));

const pageSchema = z.object({
  events: z
    .union([z.array(occurrenceSchema), z.array(pickedEventSchema)])
    .describe('With `fields`, `id` and those fields'),
  detail: eventDetailSchema
    .optional()
    .describe('Only with `fields`: what the workspace keeps of an event. A field that is not kept is absent'),
  nextCursor,
  proof: proofSchema.optional().describe('Since when the answer is complete. Not with `asOf`'),
  past: pastSchema.optional().describe('Only with `asOf`'),
});

/** Occurrences of the mirror. */
export const eventRoutes: ApiRoutes = async (app, { dependencies: { environment } }) => {
  // The plug-in's own 304 supports neither lists nor `*`, and would also answer it in place of a refusal.
  await app.register(etag, { replyWith304: false });
  app.addHook('onSend', async (request, reply, payload) => {
    if (!isKnown(request, reply)) return payload;
    reply.code(304);
    // A cache takes the length of a 304 for that of its stored answer, and an empty body has length 0. HEAD keeps
    // the real length.
    return request.method === 'HEAD' ? payload : null;
  });

  app.get(
    `${WORKSPACE_PATH}/events`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listEvents',
        tags: ['Events'],
        summary: 'The occurrences that overlap a range, in order of their start',
        description:
          'Series are expanded. An all-day occurrence overlaps the range when one of its days does, in the zone of the workspace. The answer has an ETag: sent back as `If-None-Match`, it is answered with 304 while nothing on the page has changed. `proof` tells since when the answer is complete. It is not part of the ETag, because it moves on with every sync; the header `almanac-proven-at` repeats its earliest instant, also on a 304.',
        params: workspaceParams,
        querystring: z.object({
          from: timeSchema.describe(`Start of the range: ${TIME}`),
          to: timeSchema.describe('Exclusive end of the range, in the same form'),
          calendarIds: list.optional().describe('Only these calendars: repeated, or separated by commas'),
          busy: flag.optional().describe('Only occurrences that block time, or only those that do not'),
          status: z
            .enum(OCCURRENCE_STATUSES, {
              error: `must be one of ${OCCURRENCE_STATUSES.join(', ')}`,
            })
            .optional(),
          q: searchSchema.optional(),
          attendee: attendeeSchema
            .optional()
            .describe('Only events with this guest. The workspace has to keep standard or full events'),
          eventType: eventTypeSchema.optional().describe('Only events of this type, such as `outOfOffice`'),
          updatedSince: timeSchema
            .optional()
            .describe('Only events that were changed in Google since then, in the form of `from`'),
          fields: list
            .pipe(z.array(eventFieldSchema).min(1))
            .optional()
            .describe('Answer `id` and these fields: repeated, or separated by commas'),
          asOf: asOfSchema
            .optional()
            .describe(
              'Show the range as the mirror held it at this moment, and on the first page how it differs from now: an instant, a date, or a duration before now such as PT2H. Not together with `fields` or a filter other than `calendarIds`',
            ),
          limit: pageLimit(MAX_EVENTS_PER_PAGE, DEFAULT_PAGE_SIZE),
          cursor: cursorOf(occurrencePositionSchema),
          ...proofQuery,
        }),
        response: {
          200: pageSchema,
          304: z.undefined().describe('Nothing has changed since `If-None-Match`'),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { cursor, asOf, maxAge, wait, ...filter } = request.query;
      const range = { ...filter, workspaceId, after: cursor };
      if (asOf !== undefined && maxAge !== undefined)
        throw new InvalidInputError('maxAge', 'must not be given together with asOf');
      await request.proveMirror(reply, [{ workspaceId, calendarIds: filter.calendarIds }], { maxAge, wait });
      holdUntilSent(reply, await request.takeBigRead());
      if (asOf !== undefined) {
        for (const field of PRESENT_ONLY)
          if (filter[field] !== undefined)
            throw new InvalidInputError(field, 'must not be given together with asOf');
        const days = environment.TIME_TRAVEL_RETENTION_DAYS;
        const { events, past, ...rest } = await listPastEvents(request.database, { ...range, asOf }, days);
        return { events, past, ...(rest.cursor && { nextCursor: toCursor(rest.cursor) }) };
      }
      const page = await readEvents(request.database, range);
      const next = page.cursor && { nextCursor: toCursor(page.cursor) };
      const detail = filter.fields && { detail: page.detail };
      // As bytes, because the hash and the socket would each convert the text again.
      const events = Buffer.from(page.events);
      labelProof(reply, page.proof, events, JSON.stringify({ ...detail, ...next }));
      const rest = JSON.stringify({ ...detail, ...next, proof: page.proof }).slice(1);
      // Sent as Postgres wrote it, neither parsed nor validated. The types only know answers made of objects.
      const json = Buffer.concat([Buffer.from('{"events":'), events, Buffer.from(`,${rest}`)]);
      return reply.type('application/json; charset=utf-8').send(json as never);
    },
  );

  app.get(
    `${WORKSPACE_PATH}/events/:eventId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readEvent',
        tags: ['Events'],
        summary: 'Everything that is kept of one occurrence, its event and its series',
        description:
          'What is kept is the choice of the workspace: see `changeWorkspace`. A field that the event does not have, or that is not kept, is absent. The answer has an ETag, of which the proof is no part.',
        params: workspaceParams.extend({ eventId: eventIdSchema }),
        response: {
          200: eventSchema,
          304: z.undefined().describe('Nothing has changed since `If-None-Match`'),
        },
      },
    },
    async (request, reply) => {
      const { workspaceId, eventId } = request.params;
      const { event, proof } = await readEvent(request.database, workspaceId, eventId);
      labelProof(reply, proof, Buffer.from(event), '');
      const json = Buffer.from(`${event.slice(0, -1)},"proof":${JSON.stringify(proof)}}`);
      return reply.type('application/json; charset=utf-8').send(json as never);
    },
  );
};
