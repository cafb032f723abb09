import { z } from 'zod';
import { timeSchema } from '../../services/input.ts';
import { listRuns, MAX_RUNS_PER_PAGE } from '../../services/reading/run-log.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  cursorInstant,
  cursorOf,
  flag,
  instant,
  nextCursor,
  pageLimit,
  toCursor,
  uuid,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';

const DEFAULT_PAGE_SIZE = 50;
const position = z.object({
  startedAt: cursorInstant,
  id: z.string().regex(/^\d{1,18}$/),
});

const runSchema = z.object({
  calendarId: z.string(),
  workflowId: z.string(),
  runId: z.string(),
  mode: z.string(),
  source: z.string(),
  correlationId: z.string().nullable(),
  outcome: z.string().describe('`running`, `success`, `failed` or `skipped`'),
  failureType: z.string().optional(),
  pages: z.int(),
  upserted: z.int(),
  deleted: z.int(),
  startedAt: instant,
  finishedAt: instant.nullable(),
  durationMs: z.int().nullable(),
});

/** What each sync did. */
export const runLogRoutes: ApiRoutes = async (app) => {
  app.get(
    `${WORKSPACE_PATH}/runs`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listRuns',
        tags: ['Sync'],
        summary: 'What each sync did, calendar by calendar, newest first',
        params: workspaceParams,
        querystring: z.object({
          calendarId: uuid('a calendar').optional(),
          failed: flag.default(false).describe('Failed runs only'),
          since: timeSchema.optional().describe('Runs that started then or later: an instant or a date'),
          limit: pageLimit(MAX_RUNS_PER_PAGE, DEFAULT_PAGE_SIZE),
          cursor: cursorOf(position),
        }),
        response: { 200: z.object({ runs: z.array(runSchema), nextCursor }) },
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
