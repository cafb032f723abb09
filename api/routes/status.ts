import { z } from 'zod';
import { InvalidInputError } from '../../services/errors.ts';
import type { StatusOptions } from '../../services/reading/status.ts';
import { readWorkspaceStatus } from '../../services/reading/status.ts';
import { readOverallHealth, readWorstWorkspaces } from '../../services/health/roll-up.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { withRoute } from '../remedies.ts';
import {
  instant,
  listQuery,
  nextCursor,
  pageLimit,
  toCursor,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';
import { MINUTE_MS } from '../../contracts/durations.ts';

const tags = ['Status'];
const MOST_WORST = 100;
const DEFAULT_WORST = 20;

const health = z.string().describe('`healthy`, `stale`, `failing`, `pending` and the like: the worst counts');

const lastRunSchema = z.object({
  workflowId: z.string(),
  runId: z.string(),
  source: z.string(),
  mode: z.string(),
  outcome: z.string(),
  calendars: z.int(),
  pages: z.int(),
  upserted: z.int(),
  deleted: z.int(),
  startedAt: instant,
  finishedAt: instant.nullable(),
});

const calendarStatusSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  summary: z.string(),
  health,
  reason: z
    .object({ code: z.string(), sentence: z.string() })
    .optional()
    .describe('Why it is not healthy, and what to do'),
  provenAt: instant.nullable().describe('In step with Google as of this instant'),
  freshnessSeconds: z.number().nullable(),
  promisedSeconds: z.number().describe('The age that makes the calendar stale'),
  lastSyncedAt: instant.nullable(),
  lastFullSyncAt: instant.nullable(),
  nextSyncAt: instant.nullable().describe('Null: not polled'),
  verifiedAt: instant.nullable(),
  drift: z.int().nullable().describe('Events that differed when it was last verified'),
  unreadable: z.int().describe('Events that could not be read when they were last listed; up to 1,000'),
  tooCostly: z.int().describe('Series with too many times to show: only their first occurrence is there'),
  failures: z.int().describe('In a row'),
  lastError: z.string().optional().describe('A failure type'),
  deadLetters: z.int(),
});

const workspaceStatusSchema = z.object({
  id: z.string(),
  timeZone: z.string(),
  health,
  deadLetters: z.int(),
  accounts: z.array(
    z.object({
      id: z.string(),
      email: z.string(),
      health,
      calendarListSyncedAt: instant.nullable(),
      lastError: z.string().optional(),
    }),
  ),
  calendars: z.array(calendarStatusSchema),
  lastRun: lastRunSchema.optional(),
});

const overallSchema = z.object({
  health,
  workspaces: z.int(),
  calendars: z.int(),
  byHealth: z.record(z.string(), z.int()).describe('Calendars by health'),
  oldestProvenAt: instant.nullable(),
  deadLetters: z.int(),
});

/** How well the mirror is in step with Google. */
export const statusRoutes: ApiRoutes = async (app, { dependencies: { environment } }) => {
  const options: StatusOptions = {
    poll: {
      plainMs: environment.POLL_INTERVAL_MINUTES * MINUTE_MS,
      withPushMs: environment.POLL_INTERVAL_WITH_PUSH_MINUTES * MINUTE_MS,
    },
  };

  app.get(
    `${WORKSPACE_PATH}/status`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'readWorkspaceStatus',
        tags,
        summary: 'Health of a workspace, its accounts and calendars, and its last run',
        description:
          'All calendars are on one page, as long as they are fewer than `limit`. Health is that of the workspace, whichever page is read.',
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
        summary: 'Health of everything, and the workspaces that are worst off',
        querystring: z.object({ limit: pageLimit(MOST_WORST, DEFAULT_WORST) }),
        response: {
          200: z.object({
            overall: overallSchema,
            worst: z.array(
              z.object({
                id: z.string(),
                health,
                calendars: z.int(),
                unhealthy: z.int(),
                oldestProvenAt: instant.nullable(),
                deadLetters: z.int(),
              }),
            ),
          }),
        },
      },
    },
    async ({ database, query }) => ({
      overall: await readOverallHealth(database, options),
      worst: await readWorstWorkspaces(database, query.limit, options),
    }),
  );
};

/** The rows behind the one that a cursor names, so many. */
function pageBehind<Row extends { id: string }>(
  all: readonly Row[],
  cursor: string | undefined,
  limit: number,
) {
  const at = cursor === undefined ? -1 : all.findIndex(({ id }) => id === cursor);
  if (cursor !== undefined && at === -1)
    throw new InvalidInputError('cursor', 'is of a calendar that is gone: begin again without a cursor');
  const rows = all.slice(at + 1, at + 1 + limit);
  return { rows, cursor: at + 1 + limit < all.length ? rows.at(-1)?.id : undefined };
}
