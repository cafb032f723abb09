import { createHash } from 'node:crypto';
import { z } from 'zod';
import { asWorkspace } from '../../prisma/as-workspace.ts';
import { NotFoundError } from '../../services/errors.ts';
import { findFeed, isFeedToken } from '../../services/feeds/feeds.ts';
import { readFeed } from '../../services/feeds/read-feed.ts';
import { writeICalendar } from '../../services/feeds/write-icalendar.ts';
import type { ApiRoutes } from '../dependencies.ts';
import { limitGuesses } from '../guess-limit.ts';
import { isKnown } from '../if-none-match.ts';

/** Seconds for which a calendar program may use its copy without asking. */
const MAX_AGE = 60;

/** Feeds at their secret addresses. Calendar programs cannot send a key, so the address holds the secret. */
export const feedRoutes: ApiRoutes = async (app, { dependencies }) => {
  const { database } = dependencies;
  const lookUp = limitGuesses((token) => findFeed(database, token));

  app.get(
    '/feeds/:token.ics',
    {
      config: { access: 'public', isBigRead: true },
      // Documented with the routes that create feeds: its address is a secret.
      schema: { hide: true, params: z.object({ token: z.string() }) },
    },
    async (request, reply) => {
      const { token } = request.params;
      const feed = isFeedToken(token) ? await lookUp(token, request.ip) : null;
      if (feed === null) throw new NotFoundError('There is no feed at this address, or it was revoked.');
      const { occurrences, isCut } = await readFeed(asWorkspace(database, feed.workspaceId), feed);
      const text = writeICalendar({ name: feed.name, isFull: feed.detail === 'full', isCut }, occurrences);
      reply
        .header('etag', `"${createHash('sha256').update(text).digest('base64url')}"`)
        .header('cache-control', `private, max-age=${MAX_AGE}`)
        .header('referrer-policy', 'no-referrer');
      if (isKnown(request, reply)) return reply.code(304).send();
      return reply.type('text/calendar; charset=utf-8').send(text);
    },
  );
};
