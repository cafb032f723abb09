import { z } from 'zod';
import { createChangeWatcher } from '../../services/reading/change-watcher.ts';
import { changePageSchema, MAX_CHANGES_PER_PAGE, readChanges } from '../../services/reading/changes.ts';
import { RateLimitedError } from '../../services/errors.ts';
import { holdUntilSent } from '../big-reads.ts';
import { isSmallPage, sendChangePage } from '../change-page.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { wholeNumber, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { Shares } from '../shares.ts';

/** Proxies as a rule give up after a minute. */
const LONGEST_WAIT_SECONDS = 55;
/** Each is an open connection and next to nothing else: one statement looks for all of them. */
const MOST_WAITING = { total: 1_000, perWorkspace: 50, perAdminKey: 500 };
const DEFAULT_PAGE_SIZE = 500;

const querySchema = z.object({
  after: z
    .string()
    .default('0')
    .describe('`cursor` of the page before; 0 reads from the beginning, which gives the whole mirror'),
  limit: wholeNumber(1, MAX_CHANGES_PER_PAGE, DEFAULT_PAGE_SIZE),
  wait: wholeNumber(0, LONGEST_WAIT_SECONDS, 0, 'seconds').describe(
    'Seconds to wait for a change where there is none yet',
  ),
});

/** The change log, for products that keep a copy of the mirror or act on what changes. */
export const changeRoutes: ApiRoutes = async (app, { dependencies }) => {
  const watcher = createChangeWatcher(dependencies.database);
  const waits = new Shares(MOST_WAITING);
  // Those who wait would keep the service from stopping.
  app.addHook('preClose', async () => watcher.close());

  app.get(
    `${WORKSPACE_PATH}/changes`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'listChanges',
        tags: ['Changes'],
        summary: 'What has changed in a workspace’s mirror, oldest first',
        description:
          'Every insert, update and delete of an event, in the order of commits: no change ever appears behind a cursor. Applied in order, an insert or update telling what the event is now, the log from 0 is the mirror. With `wait` an answer without changes is held back until there are some. A page may have fewer changes than `limit` while `more` is true: it ends at four megabytes, with one change at least. 410: changes after the cursor are no longer kept: forget what was read and begin at 0.',
        params: workspaceParams,
        querystring: querySchema,
        response: { 200: changePageSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { wait, ...range } = request.query;
      // From the start: a client may go while its first read is held up.
      const leaving = new AbortController();
      reply.raw.once('close', () => leaving.abort());
      /** The page as it is now, with the place that it takes up while it is large. */
      async function read() {
        const giveBack = await request.takeBigRead();
        try {
          const page = await readChanges(request.database, { workspaceId, ...range });
          if (isSmallPage(page)) giveBack();
          else holdUntilSent(reply, giveBack);
          return page;
        } catch (error) {
          giveBack();
          throw error;
        }
      }
      const page = await read();
      if (page.changes.length > 0 || wait === 0) return sendChangePage(reply, page);
      const leave = waits.take(request);
      if (leave === null)
        throw new RateLimitedError(
          'Too many requests are waiting for changes: ask again when Retry-After has passed, or do not wait.',
        );
      try {
        const position = Number.parseInt(page.cursor, 10);
        const { signal } = leaving;
        const grown = await watcher.wait(workspaceId, position, { timeoutMs: wait * 1_000, signal });
        return await sendChangePage(reply, grown ? await read() : page);
      } finally {
        leave();
      }
    },
  );
};
