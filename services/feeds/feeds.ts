import { z } from 'zod';
import { MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database } from '../../prisma/client.ts';
import type { CalendarFeed } from '../../prisma/generated/client.ts';
import { requireCalendars } from '../calendars.ts';
import { NotInWorkspaceError } from '../errors.ts';
import { calendarIdSchema, nameSchema, parseInput } from '../input.ts';
import { createToken, isSecret, parseToken } from '../keys/secret-token.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
import { instant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';

const PREFIX = 'feed';
const LAST_READ_SECONDS = 60;
/** Detail of the occurrences in a feed. */
const FEED_DETAILS = ['busy', 'full'] as const;

export const newFeed = z.object({
  name: nameSchema.describe('Name of the feed, which calendar programs show'),
  calendarIds: z
    .array(calendarIdSchema)
    .max(MAX_CALENDAR_IDS)
    .default([])
    .describe('Calendars to show. Default: every enabled one'),
  detail: z
    .enum(FEED_DETAILS, { error: `must be one of ${FEED_DETAILS.join(', ')}` })
    .default('busy')
    .describe(
      '`busy`: only times that are taken up, without titles; `full`: titles, places and descriptions',
    ),
});

/** ID of a feed. */
export const feedIdSchema = z.string().regex(/^feed_[0-9a-f]{16}$/, 'must be the ID of a feed');

export const feedSchema = z.object({
  id: z.string(),
  name: z.string(),
  calendarIds: z.array(uuid('a calendar')).describe('Empty: every enabled calendar'),
  detail: z.enum(FEED_DETAILS),
  createdAt: instant,
  lastReadAt: instant.nullable().describe('Last read, accurate to the minute'),
});
export type Feed = z.infer<typeof feedSchema>;

export const createdFeedSchema = feedSchema.extend({
  path: z.string().describe('Secret path of the feed at this API. It is shown only once'),
});

/** Path of a feed at the API, from its token. */
const pathOf = (token: string) => `/feeds/${token}.ics`;

function toFeed({ id, name, calendarIds, detail, createdAt, lastReadAt }: CalendarFeed): Feed {
  return {
    id,
    name,
    calendarIds,
    detail: detail as Feed['detail'],
    createdAt: createdAt.toISOString(),
    lastReadAt: lastReadAt?.toISOString() ?? null,
  };
}

/**
 * @throws NotFoundError when there is no such workspace or calendar
 * @throws QuotaExceededError when the workspace has as many feeds as it may have
 */
export async function createFeed(
  database: Database,
  workspaceId: string,
  input: z.input<typeof newFeed>,
): Promise<z.infer<typeof createdFeedSchema>> {
  const data = parseInput(newFeed, input);
  const { id, token, secretHash } = createToken(PREFIX);
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    await requireCalendars(transaction, workspace.id, data.calendarIds);
    const count = await transaction.calendarFeed.count({ where: { workspaceId: workspace.id } });
    requireRoom('feeds of a workspace', Quota.calendarFeeds, { count });
    const feed = await transaction.calendarFeed.create({
      data: { ...data, id, workspaceId: workspace.id, secretHash },
    });
    return { ...toFeed(feed), path: pathOf(token) };
  });
}

/** The feeds of a workspace, oldest first. */
export async function listFeeds(database: Database, workspaceId: string): Promise<Feed[]> {
  const { id } = await requireWorkspace(database, workspaceId);
  const feeds = await database.calendarFeed.findMany({
    where: { workspaceId: id },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return feeds.map(toFeed);
}

/**
 * Revokes a feed: its address answers 404 from the next request on.
 * @throws NotFoundError when the workspace has no such feed
 */
export async function revokeFeed(
  database: Database,
  workspaceId: string,
  feedId: string,
): Promise<{ id: string }> {
  const { id: workspace } = await requireWorkspace(database, workspaceId);
  // A caller who passes the token means its ID; the secret must not be repeated in an error.
  const id = parseToken(PREFIX, feedId)?.id ?? parseInput(feedIdSchema, feedId, 'feed');
  const { count } = await database.calendarFeed.deleteMany({ where: { id, workspaceId: workspace } });
  if (count === 0) throw new NotInWorkspaceError(workspace, 'feed', id);
  return { id };
}

/** Whether a token has the form of a feed's, so that the database has to be asked. */
export function isFeedToken(token: string): boolean {
  return parseToken(PREFIX, token) !== null;
}

/** The feed at an address, or null. Notes that it was read. */
export async function findFeed(database: Database, token: string): Promise<CalendarFeed | null> {
  const parts = parseToken(PREFIX, token);
  if (parts === null) return null;
  const { id, secret } = parts;
  const feed = await database.calendarFeed.findUnique({ where: { id } });
  if (!isSecret(secret, feed?.secretHash)) return null;
  await database.$executeRaw`
    update calendar_feeds set last_read_at = now()
    where id = ${id} and (last_read_at is null or last_read_at < now() - make_interval(secs => ${LAST_READ_SECONDS}::int))`;
  return feed;
}
