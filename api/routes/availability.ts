import { z } from 'zod';
import { availabilitySchema } from '../../services/availability/availability-answer.ts';
import { availabilityInput } from '../../services/availability/availability-input.ts';
import { findAvailability } from '../../services/availability/find-availability.ts';
import type { Proof } from '../../services/reading/proof.ts';
import { callerOf } from '../auth.ts';
import { holdUntilSent } from '../big-reads.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { proofQuery } from '../prove-answers.ts';

/** The calendars that count; all of a workspace whose calendars the answer does not name. */
function calendarsOf({ calendars }: Proof, workspaceIds: readonly string[]) {
  return workspaceIds.map((workspaceId) => {
    const ids = calendars.flatMap((one) => (one.workspaceId === workspaceId ? (one.calendarId ?? []) : []));
    return { workspaceId, ...(ids.length > 0 && { calendarIds: ids }) };
  });
}

/** Who is free when, across workspaces. */
export const availabilityRoutes: ApiRoutes = async (app) => {
  app.post(
    '/availability',
    {
      config: { access: 'authenticated', readOnlyKeys: true },
      schema: {
        operationId: 'findAvailability',
        tags: ['Availability'],
        summary: 'Who of several workspaces is busy when, and when they can meet',
        description:
          "Busy times are merged over the calendars and accounts of each workspace, by its own rules. Slots are answered if `slots` is given. An admin's key asks for any workspaces. A workspace's key asks for its own and for those that permit it: of those it gets busy times, and no ID. A workspace that does not exist and one that permits nothing are both answered with 403. `proof` says as of when the answer is true; `gaps` names what it cannot know.",
        body: availabilityInput,
        querystring: z.object(proofQuery),
        response: { 200: availabilitySchema },
      },
    },
    async (request, reply) => {
      const reach = callerOf(request).scope === 'admin' ? 'all' : 'permitted';
      const find = async () => findAvailability(request.database, request.body, reach);
      if (request.query.maxAge !== undefined) {
        // Refuses what the caller may not ask, before anything is synced. A place is not held while syncs run.
        const giveBack = await request.takeBigRead();
        const { proof } = await find().finally(giveBack);
        await request.proveMirror(reply, calendarsOf(proof, request.body.workspaceIds), request.query);
      }
      holdUntilSent(reply, await request.takeBigRead());
      return find();
    },
  );
};
