import { availabilitySchema } from '../../services/availability/availability-answer.ts';
import { availabilityInput } from '../../services/availability/availability-input.ts';
import { findAvailability } from '../../services/availability/find-availability.ts';
import { callerOf } from '../auth.ts';
import type { ApiRoutes } from '../dependencies.ts';

/** Who is free when, across workspaces. */
export const availabilityRoutes: ApiRoutes = async (app) => {
  app.post(
    '/availability',
    {
      config: { access: 'authenticated', isBigRead: true },
      schema: {
        operationId: 'findAvailability',
        tags: ['Availability'],
        summary: 'Who of several workspaces is busy when, and when they can meet',
        description:
          "Busy times are merged over the calendars and accounts of each workspace, by its own rules. Slots are answered if `slots` is given. An admin's key asks for any workspaces. A workspace's key asks for its own and for those that permit it: of those it gets busy times, and no ID. A workspace that does not exist and one that permits nothing are both answered with 403. `proof` says as of when the answer is true; `gaps` names what it cannot know.",
        body: availabilityInput,
        response: { 200: availabilitySchema },
      },
    },
    async (request) => {
      const reach = callerOf(request).scope === 'admin' ? 'all' : 'permitted';
      return findAvailability(request.database, request.body, reach);
    },
  );
};
