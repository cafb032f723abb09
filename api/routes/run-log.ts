import { z } from 'zod';
import { timeSchema } from '../../services/input.ts';
import {
  listRuns,
  loggedRunSchema,
  MAX_RUNS_PER_PAGE,
  runPositionSchema,
} from '../../services/reading/run-log.ts';
import { uuid } from '../../services/shapes.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  cursorOf,
  flag,
  nextCursor,
  pageLimit,
  toCursor,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const DEFAULT_PAGE_SIZE = 50;

/** The run log of syncs. */
export const runLogRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/runs`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listRuns',
        tags: ['Sync'],
        summary: 'Syncs by calendar, newest first',
        params: workspaceParams,
        querystring: z.object({
          calendarId: uuid('a calendar').optional(),
          failed: flag.default(false).describe('Failed runs only'),
          since: timeSchema.optional().describe('Runs that started at this instant or date, or later'),
          limit: pageLimit(MAX_RUNS_PER_PAGE, DEFAULT_PAGE_SIZE),
          cursor: cursorOf(runPositionSchema),
        }),
        response: { 200: z.object({ runs: z.array(loggedRunSchema), nextCursor }) },
      },
    },
    async (request) => {
      const { cursor, ...filter } = request.query;
      const { workspaceId } = request.params;
      const page = await listRuns(request.database, { ...filter, workspaceId, after: cursor });
      return { runs: page.runs, ...(page.cursor && { nextCursor: toCursor(page.cursor) }) };
    },
  );
};
