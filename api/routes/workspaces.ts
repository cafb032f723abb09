import { z } from 'zod';
import { HEALTHS } from '../../contracts/health.ts';
import {
  listedWorkspaceSchema,
  MOST_WITH_HEALTH,
  pageWithHealth,
} from '../../services/health/page-of-workspaces.ts';
import { createHealthIndex } from '../../services/health/workspaces-by-health.ts';
import { nameSchema, workspaceIdSchema } from '../../services/input.ts';
import { pollIntervals } from '../../services/mirror/next-sync.ts';
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
import { flag, LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

/** A query parameter that is repeated, or a list separated by commas. */
const healthList = z
  .union([z.string(), z.array(z.string())])
  .transform((given) => [given].flat().flatMap((items) => items.split(',')))
  .pipe(z.array(z.enum(HEALTHS, { error: `must be among ${HEALTHS.join(', ')}` })).min(1));

/** Tenants of the embedding product. */
export const workspaceRoutes: ApiRoutes = async (app, { dependencies: { database, environment } }) => {
  const options = { poll: pollIntervals(environment) };
  const idsWith = createHealthIndex(database, options);

  app.get(
    '/workspaces',
    {
      config: { access: 'admin', isBigRead: true },
      schema: {
        operationId: 'listWorkspaces',
        tags: ['Workspaces'],
        summary: 'All workspaces, or those that are searched for',
        description: `${LIST_PAGES} With health it has at most ${MOST_WITH_HEALTH} rows and, where \`health\` filters, sometimes fewer than \`limit\` before the last page. In a large installation a workspace may be missing from such a filter for up to half a minute after its health has changed.`,
        querystring: listQuery(workspaceIdSchema).extend({
          search: nameSchema.optional().describe('Beginning of the ID or of the name, in any case'),
          health: healthList
            .optional()
            .describe('Only those with this health: repeated, or separated by commas'),
          withHealth: flag
            .optional()
            .describe('Whether each row has its health. Default: only with `health`'),
        }),
        response: { 200: z.array(listedWorkspaceSchema) },
      },
    },
    async (request, reply) => {
      const {
        cursor: after,
        limit,
        search,
        health: healths,
        withHealth = healths !== undefined,
      } = request.query;
      if (!withHealth && healths === undefined)
        return sendList(request, reply, await pageOfWorkspaces(request.database, { limit, after, search }));
      const asked = { limit: Math.min(limit, MOST_WITH_HEALTH), after, search, healths, idsWith };
      return sendList(request, reply, await pageWithHealth(request.database, asked, options));
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
