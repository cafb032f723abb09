import { z } from 'zod';
import { InvalidInputError } from '../../services/errors.ts';
import {
  readWorkspaceStatus,
  type StatusOptions,
  workspaceStatusSchema,
} from '../../services/reading/status.ts';
import {
  overallHealthSchema,
  readInstallationHealth,
  workspaceHealthSchema,
} from '../../services/health/roll-up.ts';
import { pollIntervals } from '../../services/mirror/next-sync.ts';
import { projectUsageSchema, readProjectUsage } from '../../services/google/project-usage.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { withRoute } from '../remedies.ts';
import { listQuery, nextCursor, pageLimit, toCursor, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

const tags = ['Status'];
const MOST_WORST = 100;
const DEFAULT_WORST = 20;

/** Health of the mirror. */
export const statusRoutes: ApiRoutes = async (app, { dependencies: { environment } }) => {
  const options: StatusOptions = { poll: pollIntervals(environment) };

  app.get(
    `${WORKSPACE_PATH}/status`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'readWorkspaceStatus',
        tags,
        summary: 'Health of a workspace, its accounts and calendars, and its last run',
        description:
          'Up to `limit` calendars are on one page. `health` is that of the workspace on every page.',
        params: workspaceParams,
        querystring: listQuery(z.guid().toLowerCase()),
        response: { 200: workspaceStatusSchema.extend({ nextCursor }) },
      },
    },
    async (request) => {
      const { workspaceId } = request.params;
      const status = await readWorkspaceStatus(request.database, workspaceId, options);
      const { limit, cursor } = request.query;
      const { rows, cursor: next } = pageBehind(status.calendars, cursor, limit);
      const calendars = rows.map(({ reason, ...calendar }) => ({
        ...calendar,
        ...(reason && { reason: { code: reason.code, sentence: withRoute(reason) } }),
      }));
      return { ...status, calendars, ...(next !== undefined && { nextCursor: toCursor(next) }) };
    },
  );

  app.get(
    '/status',
    {
      config: { access: 'admin' },
      schema: {
        operationId: 'readStatus',
        tags,
        summary: 'Overall health, the least healthy workspaces, and the requests to Google of the day',
        querystring: z.object({ limit: pageLimit(MOST_WORST, DEFAULT_WORST) }),
        response: {
          200: z.object({
            overall: overallHealthSchema,
            worst: z.array(workspaceHealthSchema),
            google: projectUsageSchema,
          }),
        },
      },
    },
    async ({ database, query }) => ({
      ...(await readInstallationHealth(database, query.limit, options)),
      google: await readProjectUsage(database, environment.GOOGLE_DAILY_BUDGET),
    }),
  );
};

/** Up to `limit` rows after the one that the cursor names. */
function pageBehind<Row extends { id: string }>(
  all: readonly Row[],
  cursor: string | undefined,
  limit: number,
) {
  const at = cursor === undefined ? -1 : all.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && at === -1)
    throw new InvalidInputError(
      'cursor',
      'names a calendar that no longer exists: start again without a cursor',
    );
  const rows = all.slice(at + 1, at + 1 + limit);
  return { rows, cursor: at + 1 + limit < all.length ? rows.at(-1)?.id : undefined };
}
