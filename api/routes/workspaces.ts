import { z } from 'zod';
import { timeZoneSchema, workspaceIdSchema } from '../../services/input.ts';
import { createWorkspace, pageOfWorkspaces, workspaceSchema } from '../../services/workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, sendList } from '../schemas.ts';

/** Tenants of the embedding product. */
export const workspaceRoutes: ApiRoutes = async (app) => {
  app.get(
    '/workspaces',
    {
      config: { access: 'admin', isBigRead: true },
      schema: {
        operationId: 'listWorkspaces',
        tags: ['Workspaces'],
        summary: 'All workspaces',
        description: LIST_PAGES,
        querystring: listQuery(workspaceIdSchema),
        response: { 200: z.array(workspaceSchema) },
      },
    },
    async (request, reply) => {
      const { cursor: after, limit } = request.query;
      const page = await pageOfWorkspaces(request.database, { limit, after });
      return sendList(request, reply, page);
    },
  );

  app.post(
    '/workspaces',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'createWorkspace',
        tags: ['Workspaces'],
        summary: 'Create a workspace',
        body: z.strictObject({ id: workspaceIdSchema, timeZone: timeZoneSchema }),
        response: { 201: workspaceSchema },
      },
    },
    async (request, reply) => {
      const created = await createWorkspace(request.database, request.body);
      return reply.code(201).send(created);
    },
  );
};
