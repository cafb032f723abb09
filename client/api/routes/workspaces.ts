import { z } from 'zod';
import { timeZoneSchema, workspaceIdSchema } from '../../input.ts';
import { createWorkspace, listWorkspaces } from '../../workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';

const workspaceSchema = z.object({
  id: workspaceIdSchema,
  timeZone: z.string().describe('IANA time zone'),
  accounts: z.int(),
  calendars: z.int(),
  createdAt: z.iso.datetime(),
});

/** Tenants of the embedding product. */
export const workspaceRoutes: ApiRoutes = async (app) => {
  app.get(
    '/workspaces',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'listWorkspaces',
        tags: ['Workspaces'],
        summary: 'Every workspace',
        response: { 200: z.array(workspaceSchema) },
      },
    },
    async (request) => request.withDatabase(listWorkspaces),
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
      const created = await request.withDatabase((database) => createWorkspace(database, request.body));
      return reply.code(201).send(created);
    },
  );
};
