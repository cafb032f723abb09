import { z } from 'zod';
import { addPermit, pageOfPermits, permitSchema, removePermit } from '../../services/availability/permits.ts';
import { workspaceIdSchema } from '../../services/input.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Availability'];
const PATH = `${WORKSPACE_PATH}/availability-permits`;

const permitParams = workspaceParams.extend({
  readerId: workspaceIdSchema.describe('Workspace that may read'),
});

/** Workspaces that may read the busy times of one. */
export const permitRoutes: ApiRoutes = async (app) => {
  app.get(
    PATH,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listAvailabilityPermits',
        tags,
        summary: 'The workspaces that may read the busy times of this one',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: listQuery(workspaceIdSchema),
        response: { 200: z.array(permitSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await pageOfPermits(request.database, request.params.workspaceId, { limit, after });
      return sendList(request, reply, page);
    },
  );

  app.put(
    `${PATH}/:readerId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'addAvailabilityPermit',
        tags,
        summary: 'Permit another workspace to read the busy times of this one',
        description: 'In one direction. Whether the other workspace exists is not checked.',
        params: permitParams,
        response: { 200: permitSchema },
      },
    },
    async (request) => {
      const { workspaceId, readerId } = request.params;
      return addPermit(request.database, workspaceId, readerId);
    },
  );

  app.delete(
    `${PATH}/:readerId`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'removeAvailabilityPermit',
        tags,
        summary: 'Take a permit back',
        params: permitParams,
        response: { 200: z.object({ removed: z.boolean().describe('Whether there was one') }) },
      },
    },
    async (request) => {
      const { workspaceId, readerId } = request.params;
      return removePermit(request.database, workspaceId, readerId);
    },
  );
};
