import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { eventIdSchema, eventSchema, readEvent } from '../../services/reading/read-event.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import {
  answerSchema,
  deletionSchema,
  eventChangesSchema,
  newEventSchema,
  writesSchema,
} from '../../services/writing/event-input.ts';
import { outcomeError } from '../../services/writing/outcome-error.ts';
import {
  batchIdSchema,
  readWrites,
  type WriteOutcome,
  writeOutcomeSchema,
} from '../../services/writing/read-writes.ts';
import type { ApiDependencies, ApiRoutes } from '../dependencies.ts';
import { updateIdOf } from '../idempotency.ts';
import { WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { waitAtMost, waitUpTo } from '../wait.ts';

const tags = ['Events'];
/** Two kilobytes for each write. */
const MOST_BATCH_BYTES = 1_024 * 1_024;

/** Google answers a write in less than a second. */
const writeWait = waitUpTo(30);
const batchWait = waitUpTo(0);

const EVENTS = `${WORKSPACE_PATH}/events`;
const eventParams = workspaceParams.extend({ eventId: eventIdSchema });

const writtenSchema = writeOutcomeSchema.extend({
  event: eventSchema
    .omit({ proof: true })
    .optional()
    .describe('The event as the mirror shows it now. Absent: it shows none'),
});
const startedSchema = z
  .object({ batchId: batchIdSchema })
  .describe('The write goes on: `readWrites` has its outcome');
const batchSchema = z.object({
  batchId: batchIdSchema,
  done: z.int(),
  refused: z.int(),
  failed: z.int(),
  pending: z.int().describe('Not 0: the batch is still being written'),
  writes: z.array(writeOutcomeSchema).describe('In the order of the request'),
});

type Writes = Parameters<typeof beginWrites>[2];

/** Stores the writes and has them made. Null: they are not finished in time. */
async function makeWrites(
  dependencies: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  { workspaceId, wait, writes }: { workspaceId: string; wait: number; writes: Writes },
): Promise<{ batchId: string; outcomes: WriteOutcome[] | null }> {
  const { almanac } = dependencies;
  const batchId = await beginWrites(request.database, workspaceId, writes, {
    requestId: updateIdOf(request),
    correlationId: request.id,
  });
  const batch = { workspaceId, batchId, correlationId: request.id };
  const ended = await waitAtMost(dependencies, request, reply, wait, async () => {
    await almanac.makeWrites(batch);
    return true;
  });
  if (ended === null) {
    // The run may have been started by the wait; starting it again does nothing.
    await almanac.startWrites(batch);
    return { batchId, outcomes: null };
  }
  return { batchId, outcomes: await readWrites(request.database, workspaceId, batchId) };
}

/** Makes one write, and answers with the event that it has left behind. */
async function makeWrite(
  dependencies: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  { workspaceId, wait, write }: { workspaceId: string; wait: number; write: Writes[number] },
): Promise<z.infer<typeof writtenSchema> | { batchId: string }> {
  const writes = [write];
  const { batchId, outcomes } = await makeWrites(dependencies, request, reply, { workspaceId, wait, writes });
  const outcome = outcomes?.[0];
  if (outcome === undefined || ['pending', 'sent'].includes(outcome.status)) {
    void reply.code(202);
    return { batchId };
  }
  const error = outcomeError(outcome);
  if (error !== null) throw error;
  if (outcome.eventId === undefined) return outcome;
  const { event } = await readEvent(request.database, workspaceId, outcome.eventId);
  return { ...outcome, event: JSON.parse(event) as z.infer<typeof eventSchema> };
}

function countsOf(batchId: string, writes: WriteOutcome[]) {
  const count = (...statuses: string[]) => writes.filter(({ status }) => statuses.includes(status)).length;
  return {
    batchId,
    done: count('done'),
    refused: count('refused'),
    failed: count('failed'),
    pending: count('pending', 'sent'),
    writes,
  };
}

const WRITTEN =
  'Answers when Google has confirmed the write and the mirror shows it. With an `Idempotency-Key`, a repeated request is never a second write.';

/** Writes through to Google: exactly once, and the next read shows them. */
export const eventWriteRoutes: ApiRoutes = async (app, { dependencies }) => {
  app.post(
    EVENTS,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'createEvent',
        tags,
        summary: 'Create an event or a series',
        description: WRITTEN,
        params: workspaceParams,
        querystring: writeWait,
        body: newEventSchema,
        response: { 201: writtenSchema, 202: startedSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const write = { ...request.body, operation: 'create' } as const;
      reply.code(201);
      const written = await makeWrite(dependencies, request, reply, { workspaceId, ...request.query, write });
      return reply.send(written);
    },
  );

  app.patch(
    `${EVENTS}/:eventId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'changeEvent',
        tags,
        summary: 'Change the given fields of an event, or move it to another calendar',
        description: `${WRITTEN} Null clears a field. With \`series: following\` the series ends before the occurrence, and a new one continues it.`,
        params: eventParams,
        querystring: writeWait,
        body: eventChangesSchema,
        response: { 200: writtenSchema, 202: startedSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, eventId } = request.params;
      const write = { ...request.body, operation: 'change', eventId } as const;
      const written = await makeWrite(dependencies, request, reply, { workspaceId, ...request.query, write });
      return reply.send(written);
    },
  );

  app.delete(
    `${EVENTS}/:eventId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'deleteEvent',
        tags,
        summary: 'Delete an event, or occurrences of a series',
        description: WRITTEN,
        params: eventParams,
        querystring: writeWait.extend(deletionSchema.shape),
        response: { 200: writtenSchema, 202: startedSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, eventId } = request.params;
      const { wait, ...settings } = request.query;
      const write = { ...settings, operation: 'delete', eventId } as const;
      const written = await makeWrite(dependencies, request, reply, { workspaceId, wait, write });
      return reply.send(written);
    },
  );

  app.post(
    `${EVENTS}/:eventId/answer`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'answerEvent',
        tags,
        summary: 'Accept, decline or tentatively accept an invitation',
        description: WRITTEN,
        params: eventParams,
        querystring: writeWait,
        body: answerSchema,
        response: { 200: writtenSchema, 202: startedSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId, eventId } = request.params;
      const write = { ...request.body, operation: 'answer', eventId } as const;
      const written = await makeWrite(dependencies, request, reply, { workspaceId, ...request.query, write });
      return reply.send(written);
    },
  );

  app.post(
    `${WORKSPACE_PATH}/events::batch`,
    {
      config: { access: 'workspace' },
      bodyLimit: MOST_BATCH_BYTES,
      schema: {
        operationId: 'writeEvents',
        tags,
        summary: 'Up to 500 writes in one request, made in order',
        description:
          'A refused write does not stop the others. Without `wait` the status is 202 at once, and `readWrites` shows the progress.',
        params: workspaceParams,
        querystring: batchWait,
        body: z.strictObject({ writes: writesSchema }),
        response: { 200: batchSchema, 202: startedSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { wait } = request.query;
      const { writes } = request.body;
      const made = await makeWrites(dependencies, request, reply, { workspaceId, wait, writes });
      if (made.outcomes === null) return reply.code(202).send({ batchId: made.batchId });
      return reply.send(countsOf(made.batchId, made.outcomes));
    },
  );

  app.get(
    `${WORKSPACE_PATH}/event-writes/:batchId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readWrites',
        tags,
        summary: 'Outcomes of writes that were answered with 202, kept for 30 days',
        params: workspaceParams.extend({ batchId: batchIdSchema }),
        response: { 200: batchSchema },
      },
    },
    async (request) => {
      const { workspaceId, batchId } = request.params;
      return countsOf(batchId, await readWrites(request.database, workspaceId, batchId));
    },
  );
};
