import { z } from 'zod';
import {
  createdFeedSchema,
  createFeed,
  feedIdSchema,
  feedSchema,
  listFeeds,
  newFeed,
  revokeFeed,
} from '../../services/feeds/feeds.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { removedSchema, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Feeds'];
const PATH = `${WORKSPACE_PATH}/feeds`;

/** Secret iCalendar addresses of a workspace. `feeds.ts` serves them. */
export const feedManagementRoutes: ApiRoutes = async (app) => {
  app.get(
    PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listFeeds',
        tags,
        summary: 'The iCalendar feeds of a workspace, without their addresses',
        params: workspaceParams,
        response: { 200: z.array(feedSchema) },
      },
    },
    async (request) => listFeeds(request.database, request.params.workspaceId),
  );

  app.post(
    PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'createFeed',
        tags,
        summary: 'Create an iCalendar feed; its address is answered only once',
        description:
          'The address alone is enough to read the feed, so treat it as a password. Takes no Idempotency-Key, because the answer is a secret and is not stored.',
        params: workspaceParams,
        body: newFeed.strict(),
        response: { 201: createdFeedSchema },
      },
    },
    async (request, reply) => {
      const created = await createFeed(request.database, request.params.workspaceId, request.body);
      return reply.code(201).send(created);
    },
  );

  app.delete(
    `${PATH}/:feedId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'revokeFeed',
        tags,
        summary: 'Revoke a feed; its address answers 404 at once',
        params: workspaceParams.extend({ feedId: feedIdSchema }),
        response: { 200: removedSchema },
      },
    },
    async (request) => {
      const { workspaceId, feedId } = request.params;
      const { id } = await revokeFeed(request.database, workspaceId, feedId);
      return { removed: id };
    },
  );
};
