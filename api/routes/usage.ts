import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { Page } from '../../services/pages.ts';
import {
  listUsage,
  type Usage,
  usageDaySchema,
  type UsagePosition,
  usagePositionSchema,
  usageSchema,
} from '../../services/usage/list-usage.ts';
import { usageCsv } from '../../services/usage/usage-csv.ts';
import { MOST_USAGE_DAYS } from '../../contracts/limits.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { LIST_PAGES, listQuery, sendList, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Status'];
const CSV = 'text/csv';

const querystring = listQuery(usagePositionSchema).extend({
  from: usageDaySchema.optional().describe('First day. Default: 29 days before the last'),
  to: usageDaySchema.optional().describe('Last day. Default: today'),
});
const response = {
  200: {
    description: 'Days with any use, by day and workspace',
    content: {
      'application/json': { schema: z.array(usageSchema) },
      [CSV]: { schema: z.string() },
    },
  },
};
const descriptionOf = (days: number) =>
  `Days are Google's: those of Pacific time. At most ${days} days at once; with \`Accept: ${CSV}\` as CSV. ${LIST_PAGES}`;

/** What workspaces use by day. */
export const usageRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/usage`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listWorkspaceUsage',
        tags,
        summary: 'What a workspace used, by day',
        description: descriptionOf(MOST_USAGE_DAYS.ofOne),
        params: workspaceParams,
        querystring,
        response,
      },
    },
    async (request, reply) => {
      const { cursor: after, ...filter } = request.query;
      const { workspaceId } = request.params;
      return send(request, reply, await listUsage(request.database, { ...filter, after, workspaceId }));
    },
  );

  app.get(
    '/usage',
    {
      config: { access: 'admin', isBigRead: true },
      schema: {
        operationId: 'listUsage',
        tags,
        summary: 'What all workspaces used, by day',
        description: descriptionOf(MOST_USAGE_DAYS.ofAll),
        querystring,
        response,
      },
    },
    async (request, reply) => {
      const { cursor: after, ...filter } = request.query;
      return send(request, reply, await listUsage(request.database, { ...filter, after }));
    },
  );
};

function send(request: FastifyRequest, reply: FastifyReply, page: Page<Usage, UsagePosition>) {
  const rows = sendList(request, reply, page);
  void reply.header('vary', 'accept');
  if (!request.headers.accept?.includes(CSV)) return rows;
  return reply.type(`${CSV}; charset=utf-8`).send(usageCsv(rows));
}
