import { z } from 'zod';
import { workspaceIdSchema } from '../../services/input.ts';
import {
  changeWorkspace,
  createWorkspace,
  newWorkspace,
  pageOfWorkspaces,
  readWorkspace,
  workspaceChanges,
  workspaceSchema,
} from '../../services/workspaces.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

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
        body: newWorkspace.strict(),
        response: { 201: workspaceSchema },
      },
    },
    async (request, reply) => {
      const created = await createWorkspace(request.database, request.body);
      return reply.code(201).send(created);
    },
  );

  app.get(
    WORKSPACE_PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'readWorkspace',
        tags: ['Workspaces'],
        summary: 'One workspace',
        params: workspaceParams,
        response: { 200: workspaceSchema },
      },
    },
    async (request) => readWorkspace(request.database, request.params.workspaceId),
  );

  app.patch(
    WORKSPACE_PATH,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'changeWorkspace',
        tags: ['Workspaces'],
        summary:
          'Change its name and time zone, pause it, choose what is kept of events and whether they are changed',
        description:
          'Status: a paused workspace is neither synced nor planned, and its events are not changed; reads go on with the proof that they have. Time zone: the next plan and the next read have it. Event detail: `minimal` keeps no address of a person. `standard` adds people with their answers, conference links, and the properties of special events. `full` adds reminders, shared extended properties, sources, and all of conferences and attachments. Calendars are due at once and are listed in full; until then their events have the former detail. Writing: accounts that are connected from now on are asked to allow changes of their events as well; connect the others again. `mayWrite` of an account says whether its user has agreed.',
        params: workspaceParams,
        body: workspaceChanges,
        response: { 200: workspaceSchema },
      },
    },
    async (request) => changeWorkspace(request.database, request.params.workspaceId, request.body),
  );
};
