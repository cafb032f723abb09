import { z } from 'zod';
import { createChangeWatcher } from '../../services/reading/change-watcher.ts';
import { MAX_CHANGES_PER_PAGE, readChanges } from '../../services/reading/changes.ts';
import { RateLimitedError } from '../../services/errors.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { isSmallPage } from '../change-page.ts';
import { wholeNumber, WORKSPACE_PATH, workspaceParams } from '../schemas.ts';
import { Shares } from '../shares.ts';
import { sendEvents, streamChanges } from '../stream-changes.ts';

/** A stream costs an open connection, and a page while one is sent. */
const MOST_STREAMS = { total: 500, perWorkspace: 20, perAdminKey: 200 };
const DEFAULT_PAGE_SIZE = 100;

/** The change log as server-sent events. */
export const changeStreamRoutes: ApiRoutes = async (app, { dependencies }) => {
  const watcher = createChangeWatcher(dependencies.database);
  dependencies.changeHints?.subscribe(watcher.hurry);
  const streams = new Shares(MOST_STREAMS);
  const closing = new AbortController();
  // Open streams would keep the service from stopping.
  app.addHook('preClose', async () => {
    closing.abort();
    watcher.close();
  });

  app.get(
    `${WORKSPACE_PATH}/changes/stream`,
    {
      config: { access: 'workspace' },
      schema: {
        operationId: 'streamChanges',
        tags: ['Changes'],
        summary: 'Changes of a workspace’s mirror as server-sent events',
        description:
          'Each event is named `changes`. Its `data` is a page as `listChanges` answers it, and its `id` is the page’s cursor: a client that connects again with it as `Last-Event-ID` misses nothing. Without it, or `after`, the stream starts at the beginning; where nothing is to be read yet, an `id` alone comes first. A stream ends after ten minutes, when its key is revoked, and when the service stops; connect again after a second. A comment is sent every 15 seconds. A client that takes longer than a minute for a page is disconnected.',
        params: workspaceParams,
        querystring: z.object({
          after: z.string().default('0').describe('As in `listChanges`; `Last-Event-ID` takes precedence'),
          limit: wholeNumber(1, MAX_CHANGES_PER_PAGE, DEFAULT_PAGE_SIZE),
        }),
        response: {
          200: { description: 'A stream', content: { 'text/event-stream': { schema: z.string() } } },
        },
      },
    },
    async (request, reply) => {
      const { workspaceId } = request.params;
      const { limit } = request.query;
      const { 'last-event-id': lastEventId = request.query.after } = request.headers;
      const leave = streams.take(request);
      if (leave === null)
        throw new RateLimitedError(
          'Too many streams of changes are open: close some, or try again after Retry-After.',
        );
      const leaving = new AbortController();
      reply.raw.once('close', () => {
        leaving.abort();
        leave();
      });
      async function read(after: string) {
        const giveBack = await request.takeBigRead();
        try {
          const page = await readChanges(request.database, { workspaceId, after, limit });
          if (isSmallPage(page)) giveBack();
          return { page, giveBack };
        } catch (error) {
          giveBack();
          throw error;
        }
      }
      const signal = AbortSignal.any([leaving.signal, closing.signal]);
      const first = await read(String(lastEventId));
      const events = streamChanges(first, {
        read,
        wait: (position, timeoutMs) => watcher.wait(workspaceId, position, { timeoutMs, signal }),
        isAllowed: () => request.isStillAllowed(),
        signal,
        cutOff: () => reply.raw.destroy(),
      });
      return sendEvents(reply, events);
    },
  );
};
