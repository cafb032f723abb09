import { z } from 'zod';
import { createChangeWatcher } from '../../change-watcher.ts';
import { listChanges, MAX_CHANGES_PER_PAGE } from '../../changes.ts';
import { RateLimitedError } from '../../errors.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { wholeNumber, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';

/** Proxies as a rule give up after a minute. */
const LONGEST_WAIT_SECONDS = 55;
/** Each is an open connection and next to nothing else: one statement looks for all of them. */
const MOST_WAITING = 1_000;
const DEFAULT_PAGE_SIZE = 500;

const changeSchema = z.object({
  position: z.int().describe('1, 2, 3, … within the workspace, in the order of commits'),
  cursor: z.string().describe('Reads on after this change'),
  operation: z.enum(['insert', 'update', 'delete']),
  calendarId: z.guid(),
  googleEventId: z.string(),
  correlationId: z.string().nullable().describe('Of the run that did it, as in the run log'),
  changedAt: z.iso.datetime().describe('When it was committed'),
  event: z
    .record(z.string(), z.unknown())
    .nullable()
    .describe('As Google sent it. Null: it was deleted, or what it said was purged and its deletion follows'),
});
const pageSchema = z.object({
  changes: z.array(changeSchema),
  cursor: z.string().describe('`after` of the next request'),
  more: z.boolean().describe('More changes are there already'),
});

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
          'Every insert, update and delete of an event, in the order of commits: no change ever appears behind a cursor. Applied in order, an insert or update telling what the event is now, the log from 0 is the mirror. With `wait` an answer without changes is held back until there are some. 410: changes after the cursor are no longer kept: forget what was read and begin at 0.',
        params: workspaceParams,
        querystring: querySchema,
        response: { 200: pageSchema },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { wait, ...range } = request.query;
      // From the start: a client may go while its first read is held up.
      const leaving = new AbortController();
      reply.raw.once('close', () => leaving.abort());
      const read = () => request.withDatabase((database) => listChanges(database, { workspaceId, ...range }));
      const page = await read();
      if (page.changes.length > 0 || wait === 0) return page;
      if (watcher.waiting >= MOST_WAITING)
        throw new RateLimitedError(
          'Too many requests are waiting for changes: ask again later, or do not wait.',
        );
      const position = Number.parseInt(page.cursor, 10);
      const { signal } = leaving;
      const grown = await watcher.wait(workspaceId, position, { timeoutMs: wait * 1_000, signal });
      return grown ? read() : page;
    },
  );
};
