import { z } from 'zod';
import { Quota } from '../../contracts/quotas.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import type { Database } from '../../prisma/client.ts';
import type { ApiKey } from '../../prisma/generated/client.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { type ListedIdRule, parseInput, nameSchema, workspaceIdSchema } from '../input.ts';
import { type Page, type PageRequest, readAllPages, readPage } from '../pages.ts';
import { requireRoom } from '../quota.ts';
import { instant, positionInstant } from '../shapes.ts';
import { createToken, digest, isSecret, parseToken } from './secret-token.ts';
import { requireWorkspace } from '../workspaces.ts';

/** Authenticated caller of the API. */
export interface Caller {
  /** ID of the key. It is no secret: logs and Idempotency-Keys contain it. */
  keyId: string;
  scope: 'admin' | { workspaceId: string };
  /** Whether the key may change nothing. */
  readOnly: boolean;
}

const PREFIX = 'alm';

/** Whether a token has the form of a key, so that the database has to be asked. */
export function isKeyShaped(token: string): boolean {
  return parseToken(PREFIX, token) !== null;
}

/** Key ID of callers that use the secret from the environment. */
export const ENVIRONMENT_KEY_ID = 'environment';
/** Key ID of callers that were signed in from the command line. */
export const COMMAND_LINE_KEY_ID = 'command-line';
const LAST_USE_TO_MS = 60_000;

const KEY_ID_RULE: ListedIdRule = 'must be the ID of a key';
export const keyIdSchema = z.string().regex(/^alm_[0-9a-f]{16}$/, KEY_ID_RULE);
/** Lock under which keys are counted; unused elsewhere. */
const COUNT_LOCK = 3_617_508_442;

const keySchema = z.object({
  name: nameSchema,
  /** Workspace of the key. Absent: an admin key, valid for every workspace. */
  workspaceId: workspaceIdSchema.optional(),
  readOnly: z.boolean().default(false),
  /** Default: never. */
  expiresAt: z.date().optional(),
});

export interface KeyContext {
  database: Database;
  /** Postgres's clock. */
  now: () => Date | Promise<Date>;
}

export const createdKeySchema = z.object({
  id: keyIdSchema,
  key: z.string().describe('The complete key. It is shown only once'),
});
type CreatedKey = z.infer<typeof createdKeySchema>;

/**
 * @throws NotFoundError when there is no such workspace, InvalidInputError when the expiry is in the past,
 *   QuotaExceededError when the workspace, or the installation for admins, has as many keys as it may have.
 */
export async function createApiKey(
  { database, now }: KeyContext,
  input: z.input<typeof keySchema>,
): Promise<CreatedKey> {
  const { name, workspaceId = null, readOnly, expiresAt = null } = parseInput(keySchema, input);
  if (expiresAt !== null && expiresAt <= (await now()))
    throw new InvalidInputError('expiresAt', 'must be in the future');
  const { id, token, secretHash } = createToken(PREFIX);
  const data = { id, workspaceId, name, readOnly, expiresAt, createdAt: await now(), secretHash };
  if (workspaceId !== null) await requireWorkspace(database, workspaceId);
  // The API's login may not lock a workspace.
  await database.$transaction(async (transaction) => {
    await transaction.$queryRaw`select 1 from pg_advisory_xact_lock(${COUNT_LOCK}::bigint)`;
    const count = await transaction.apiKey.count({ where: { workspaceId, revokedAt: null } });
    if (workspaceId === null) requireRoom('admin keys', Quota.adminKeys, { count });
    else requireRoom('keys of a workspace', Quota.apiKeys, { count });
    await transaction.apiKey.create({ data });
  });
  return { id, key: token };
}

export const apiKeySchema = z.object({
  id: keyIdSchema.describe('ID of the key, which is also its beginning'),
  name: z.string(),
  workspaceId: z.string().nullable().describe('Null: an admin key'),
  readOnly: z.boolean().describe('Whether it may change nothing'),
  status: z.enum(['active', 'expired', 'revoked']),
  createdAt: instant,
  expiresAt: instant.nullable().describe('Null: never'),
  lastUsedAt: instant.nullable().describe('Last use, accurate to the minute'),
});
type ApiKeySummary = z.infer<typeof apiKeySchema>;

export const apiKeyPositionSchema = z.object({ createdAt: positionInstant, id: keyIdSchema });
type ApiKeyPosition = z.infer<typeof apiKeyPositionSchema>;

interface KeyFilter {
  /** Only the keys of this workspace. */
  workspaceId?: string | undefined;
}

/**
 * One page of the keys, oldest first; with `workspaceId` only the keys of that workspace.
 * @throws NotFoundError when there is no such workspace
 */
export async function pageOfApiKeys(
  { database, now }: KeyContext,
  { workspaceId, ...request }: KeyFilter & PageRequest<ApiKeyPosition>,
): Promise<Page<ApiKeySummary, ApiKeyPosition>> {
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const at = await now();
  return readPage(
    request,
    async (after, take) => {
      const keys = await database.apiKey.findMany({
        where: {
          workspaceId,
          ...(after && {
            OR: [
              { createdAt: { gt: after.createdAt } },
              { createdAt: after.createdAt, id: { gt: after.id } },
            ],
          }),
        },
        omit: { secretHash: true },
        orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
        take,
      });
      return keys.map((key) => ({
        id: key.id,
        name: key.name,
        workspaceId: key.workspaceId,
        readOnly: key.readOnly,
        status: statusOf(key, at),
        createdAt: key.createdAt.toISOString(),
        expiresAt: key.expiresAt?.toISOString() ?? null,
        lastUsedAt: key.lastUsedAt?.toISOString() ?? null,
      }));
    },
    ({ createdAt, id }) => ({ createdAt, id }),
  );
}

/** Every key, oldest first; with `workspaceId` only the keys of that workspace. */
export async function listApiKeys(context: KeyContext, filter: KeyFilter = {}): Promise<ApiKeySummary[]> {
  return readAllPages<ApiKeySummary, ApiKeyPosition>((request) =>
    pageOfApiKeys(context, { ...filter, ...request }),
  );
}

function statusOf(
  { revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  at: Date,
): ApiKeySummary['status'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'active';
}

/**
 * Revokes a key, from the next request on, with its sessions and embed links. Revoking it again changes nothing.
 * @throws NotFoundError when there is no such key.
 */
export async function revokeApiKey({ database, now }: KeyContext, keyId: string): Promise<{ id: string }> {
  // A caller who passes the whole key means its ID; the secret must not be repeated in an error.
  const id = parseToken(PREFIX, keyId)?.id ?? parseInput(keyIdSchema, keyId, 'key');
  const revokedAt = await now();
  const count = await database.$transaction(async (transaction) => {
    const revoked = await transaction.apiKey.updateMany({
      where: { id, revokedAt: null },
      data: { revokedAt },
    });
    await transaction.embedLink.deleteMany({ where: { apiKeyId: id } });
    return revoked.count;
  });
  if (count === 0 && (await database.apiKey.count({ where: { id } })) === 0) {
    throw new NotFoundError(`There is no key ${id}.`, { remedy: { action: RemedyAction.listKeys } });
  }
  return { id };
}

/**
 * Creates a function that returns the caller who holds a token, or null. A wrong secret takes as long as a
 * right one: digests are compared in constant time, even where no such key exists.
 */
export function createAuthenticator({
  database,
  adminSecret,
  now,
}: KeyContext & { adminSecret: string | undefined }): (token: string) => Promise<Caller | null> {
  const adminDigest = adminSecret === undefined ? undefined : digest(adminSecret);

  return async (token) => {
    if (isSecret(token, adminDigest)) return { keyId: ENVIRONMENT_KEY_ID, scope: 'admin', readOnly: false };
    const parts = parseToken(PREFIX, token);
    if (parts === null) return null;
    const { id, secret } = parts;
    const key = await database.apiKey.findUnique({ where: { id } });
    const isRight = isSecret(secret, key?.secretHash);
    const at = await now();
    if (!key || !isRight || statusOf(key, at) !== 'active') return null;
    if (key.lastUsedAt === null || at.getTime() - key.lastUsedAt.getTime() >= LAST_USE_TO_MS) {
      await database.apiKey.updateMany({ where: { id }, data: { lastUsedAt: at } });
    }
    const scope = key.workspaceId === null ? 'admin' : { workspaceId: key.workspaceId };
    return { keyId: id, scope, readOnly: key.readOnly };
  };
}
