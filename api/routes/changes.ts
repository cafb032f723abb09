import { z } from 'zod';
import { createChangeWatcher } from '../../services/reading/change-watcher.ts';
import { changePageSchema, MAX_CHANGES_PER_PAGE, readChanges } from '../../services/reading/changes.ts';
import {
  momentPositionSchema,
  momentSchema,
  MOST_MOMENTS,
  pageOfMoments,
} from '../../services/time-travel/list-moments.ts';
import { RateLimitedError } from '../../services/errors.ts';
import { holdUntilSent } from '../big-reads.ts';
import { isSmallPage, sendChangePage } from '../change-page.ts';
import type { ApiRoutes } from '../dependencies.ts';
import {
  cursorOf,
  LIST_PAGES,
  pageLimit,
  sendList,
  wholeNumber,
  WORKSPACE_PATH,
  workspaceParams,
} from '../schemas.ts';
import { Shares } from '../shares.ts';

/** Most proxies time out after a minute. */
const LONGEST_WAIT_SECONDS = 55;
/** A waiting request costs an open connection and little else: one query serves all of them. */
const MOST_WAITING = { total: 1_000, perWorkspace: 50, perAdminKey: 500 };
const DEFAULT_PAGE_SIZE = 500;
const DEFAULT_MOMENTS = 100;

const querySchema = z.object({
  after: z
    .string()
    .default('0')
    .describe(
      '`cursor` of the previous page; 0 starts at the beginning and returns the whole mirror; `now` answers no change, and the cursor of what comes next; `now-1` to `now-999` start so many positions earlier, as far as they have not been compacted',
    ),
  limit: wholeNumber(1, MAX_CHANGES_PER_PAGE, DEFAULT_PAGE_SIZE),
  wait: wholeNumber(0, LONGEST_WAIT_SECONDS, 0, 'seconds').describe(
    'Seconds to wait for the next change if there is none yet',
  ),
});

/** The change log, for products that copy the mirror or react to changes. */
export const changeRoutes: ApiRoutes = async (app, { dependencies }) => {
  const watcher = createChangeWatcher(dependencies.database);
  dependencies.changeHints?.subscribe(watcher.hurry);
  const waits = new Shares(MOST_WAITING);
  // Waiting requests would keep the service from stopping.
  app.addHook('preClose', async () => watcher.close());

  app.get(
    `${WORKSPACE_PATH}/changes/moments`,
    {
      config: { access: 'workspace', isBigRead: true },
      schema: {
        operationId: 'listChangeMoments',
        tags: ['Changes'],
        summary: 'When a workspace’s mirror has changed, newest first, as far back as `asOf` reaches',
        description: LIST_PAGES,
        params: workspaceParams,
        querystring: z.object({
          limit: pageLimit(MOST_MOMENTS, DEFAULT_MOMENTS),
          cursor: cursorOf(momentPositionSchema),
        }),
        response: { 200: z.array(momentSchema) },
      },
    },
    async (request, reply) => {
      const { limit, cursor: after } = request.query;
      const days = dependencies.environment.TIME_TRAVEL_RETENTION_DAYS;
      const { workspaceId } = request.params;
      return sendList(
        request,
        reply,
        await pageOfMoments(request.database, workspaceId, { limit, after }, days),
      );
    },
  );

  app.get(
    `${WORKSPACE_PATH}/changes`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listChanges',
        tags: ['Changes'],
        summary: 'Changes of a workspace’s mirror, oldest first',
        description:
          'Every insert, update and delete of an event, in commit order: no change ever appears behind a cursor. An insert or update carries the whole event, so applying the log in order from 0 rebuilds the mirror. With `wait` an empty answer is held back until there is a change. A page may have fewer changes than `limit` while `more` is true: it ends at four megabytes, but has at least one change. 410: changes after the cursor have been compacted; discard your copy and start at 0.',
        params: workspaceParams,
        querystring: querySchema,
        response: { 200: changePageSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { wait, ...range } = request.query;
      // Registered first: a client may leave while its first read is held up.
      const leaving = new AbortController();
      reply.raw.once('close', () => leaving.abort());
      /** Reads the page, holding a place among the big reads while the page is large. */
      async function read(after: string) {
        const giveBack = await request.takeBigRead();
        try {
          const page = await readChanges(request.database, { workspaceId, ...range, after });
          if (isSmallPage(page)) giveBack();
          else holdUntilSent(reply, giveBack);
          return page;
        } catch (error) {
          giveBack();
          throw error;
        }
      }
      const page = await read(range.after);
      if (page.changes.length > 0 || wait === 0) return sendChangePage(reply, page);
      const leave = waits.take(request);
      if (leave === null)
        throw new RateLimitedError(
          'Too many requests are waiting for changes: retry after Retry-After, or ask without `wait`.',
        );
      try {
        const position = Number.parseInt(page.cursor, 10);
        const { signal } = leaving;
        const grown = await watcher.wait(workspaceId, position, { timeoutMs: wait * 1_000, signal });
        return await sendChangePage(reply, grown ? await read(page.cursor) : page);
      } finally {
        leave();
      }
    },
  );
};
