import { z } from 'zod';
import { isSiteOrigin, SITE_ORIGIN_RULE } from '../../contracts/webhook-urls.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database } from '../../prisma/client.ts';
import type { EmbedLink } from '../../prisma/generated/client.ts';
import { requireCalendars } from '../calendars.ts';
import { NotInWorkspaceError } from '../errors.ts';
import { calendarIdSchema, parseInput, timeZoneSchema } from '../input.ts';
import { COMMAND_LINE_KEY_ID } from '../keys/api-keys.ts';
import { isMadeWith, originOf } from '../keys/origin.ts';
import { createToken, isSecret, parseToken } from '../keys/secret-token.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
import { instant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';

const PREFIX = 'embed';
const MOST_EMBED_MINUTES = 1_440;
const DEFAULT_MINUTES = 60;
const MOST_CALENDARS = 100;
const MINUTES_RULE = `must be a whole number of minutes from 1 to ${MOST_EMBED_MINUTES}`;

export const newEmbedLink = z.object({
  frameOrigin: z
    .string()
    .max(300)
    .refine(isSiteOrigin, SITE_ORIGIN_RULE)
    .describe('Origin of the pages that may show the view in a frame'),
  calendarIds: z
    .array(calendarIdSchema)
    .max(MOST_CALENDARS)
    .default([])
    .describe('Calendars to show. Default: every enabled one'),
  expiresInMinutes: z
    .int(MINUTES_RULE)
    .min(1, MINUTES_RULE)
    .max(MOST_EMBED_MINUTES, MINUTES_RULE)
    .default(DEFAULT_MINUTES),
  timeZone: timeZoneSchema.optional().describe('Time zone of the view. Default: the workspace’s'),
});

/** ID of an embed link. */
export const embedLinkIdSchema = z.string().regex(/^embed_[0-9a-f]{16}$/, 'must be the ID of an embed link');

export const embedLinkSchema = z.object({
  id: z.string(),
  calendarIds: z.array(uuid('a calendar')).describe('Empty: every enabled calendar'),
  timeZone: z.string(),
  frameOrigin: z.string(),
  createdAt: instant,
  expiresAt: instant,
});
type EmbedLinkSummary = z.infer<typeof embedLinkSchema>;

function toSummary({
  id,
  calendarIds,
  timeZone,
  frameOrigin,
  createdAt,
  expiresAt,
}: EmbedLink): EmbedLinkSummary {
  return {
    id,
    calendarIds,
    timeZone,
    frameOrigin,
    createdAt: createdAt.toISOString(),
    expiresAt: expiresAt.toISOString(),
  };
}

/** Who makes a link. It ends with the key, also when that expires, and when the session is revoked. */
interface Maker {
  keyId: string;
  /** Null: none. */
  sessionId: string | null;
  adminSecret: string | undefined;
}
const OPERATOR: Maker = { keyId: COMMAND_LINE_KEY_ID, sessionId: null, adminSecret: undefined };

/**
 * Makes a link to a read-only view. `path` is secret, and answered only here: its fragment holds the token.
 * @throws NotFoundError when there is no such workspace or calendar
 * @throws QuotaExceededError when the workspace has as many unexpired links as it may have
 */
export async function createEmbedLink(
  database: Database,
  workspaceId: string,
  input: z.input<typeof newEmbedLink>,
  { keyId, sessionId, adminSecret }: Maker = OPERATOR,
): Promise<EmbedLinkSummary & { path: string }> {
  const { expiresInMinutes, calendarIds, frameOrigin, timeZone } = parseInput(newEmbedLink, input);
  const { id, token, secretHash } = createToken(PREFIX);
  const { apiKeyId, secretCheck } = originOf(id, keyId, adminSecret);
  return lockWorkspace(database, workspaceId, async (transaction, workspace) => {
    await requireCalendars(transaction, workspace.id, calendarIds);
    const [row] = await transaction.$queryRaw<{ count: number }[]>`
      select count(*)::int as count from embed_links where workspace_id = ${workspace.id} and expires_at > now()`;
    requireRoom('embed links of a workspace', Quota.embedLinks, { count: row?.count ?? 0 });
    await transaction.$executeRaw`
      insert into embed_links (id, workspace_id, calendar_ids, time_zone, frame_origin, secret_hash, api_key_id,
        session_id, secret_check, created_at, expires_at)
      values (${id}, ${workspace.id}, ${calendarIds}::uuid[], ${timeZone ?? workspace.timeZone}, ${frameOrigin}, ${secretHash},
        ${apiKeyId}, ${sessionId}, ${secretCheck}, now(), now() + make_interval(mins => ${expiresInMinutes}::int))`;
    const link = await transaction.embedLink.findUniqueOrThrow({ where: { id } });
    return { ...toSummary(link), path: `/console/embed/${id}#${token}` };
  });
}

/** The links of a workspace that have not expired, oldest first. */
export async function listEmbedLinks(database: Database, workspaceId: string): Promise<EmbedLinkSummary[]> {
  const { id } = await requireWorkspace(database, workspaceId);
  const live = await database.$queryRaw<{ id: string }[]>`
    select id from embed_links where workspace_id = ${id} and expires_at > now() limit ${Quota.embedLinks}::int`;
  const links = await database.embedLink.findMany({
    where: { id: { in: live.map((link) => link.id) } },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  return links.map(toSummary);
}

/**
 * Revokes a link: its view shows nothing from the next request on.
 * @throws NotFoundError when the workspace has no such link
 */
export async function revokeEmbedLink(
  database: Database,
  workspaceId: string,
  linkId: string,
): Promise<{ id: string }> {
  const { id: workspace } = await requireWorkspace(database, workspaceId);
  // A caller who passes the token means its ID; the secret must not be repeated in an error.
  const id = parseToken(PREFIX, linkId)?.id ?? parseInput(embedLinkIdSchema, linkId, 'link');
  const { count } = await database.embedLink.deleteMany({ where: { id, workspaceId: workspace } });
  if (count === 0) throw new NotInWorkspaceError(workspace, 'embed link', id);
  return { id };
}

/** Whether a token has the form of an embed link's, so that the database has to be asked. */
export function isEmbedToken(token: string): boolean {
  return parseToken(PREFIX, token) !== null;
}

/** The link with this token; null if it is unknown, revoked or expired, or the key that made it has ended. */
export async function findEmbedLink(
  { database, adminSecret }: { database: Database; adminSecret: string | undefined },
  token: string,
): Promise<EmbedLink | null> {
  const { id = '', secret = '' } = parseToken(PREFIX, token) ?? {};
  // A link that was made while its key was being revoked is left.
  const [live] = await database.$queryRaw<
    { id: string; secretHash: Uint8Array; secretCheck: Uint8Array | null }[]
  >`
    select e.id, e.secret_hash as "secretHash", e.secret_check as "secretCheck"
    from embed_links e left join api_keys k on k.id = e.api_key_id
    where e.id = ${id} and e.expires_at > now()
      and (e.api_key_id is null or k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))`;
  if (!isSecret(secret, live?.secretHash) || !live || !isMadeWith(live, adminSecret)) return null;
  return database.embedLink.findUnique({ where: { id } });
}

/** Origin whose pages may show a link's view, also when it has expired, so that the view can say so. */
export async function frameOriginOf(database: Database, linkId: string): Promise<string | null> {
  if (!embedLinkIdSchema.safeParse(linkId).success) return null;
  const link = await database.embedLink.findUnique({ where: { id: linkId }, select: { frameOrigin: true } });
  return link?.frameOrigin ?? null;
}
