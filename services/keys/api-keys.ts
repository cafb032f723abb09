import { z } from 'zod';
import { Quota } from '../../contracts/quotas.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import type { Database } from '../../prisma/client.ts';
import type { ApiKey } from '../../prisma/generated/client.ts';
import { InvalidInputError, NotFoundError } from '../errors.ts';
import { type ListedIdRule, parseInput, nameSchema, workspaceIdSchema } from '../input.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
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
const keyIdSchema = z.string().regex(/^alm_[0-9a-f]{16}$/, KEY_ID_RULE);

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

interface CreatedKey {
  id: string;
  /** The complete key. It is shown only once. */
  key: string;
}

/**
 * @throws NotFoundError when there is no such workspace, InvalidInputError when the expiry is in the past.
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
  if (workspaceId === null) await database.apiKey.create({ data });
  else
    await lockWorkspace(database, workspaceId, async (transaction) => {
      const count = await transaction.apiKey.count({ where: { workspaceId, revokedAt: null } });
      requireRoom('keys of a workspace', Quota.apiKeys, { count });
      await transaction.apiKey.create({ data });
    });
  return { id, key: token };
}

export interface ApiKeySummary {
  /** ID of the key, which is also its beginning. */
  id: string;
  name: string;
  /** Null: an admin key. */
  workspaceId: string | null;
  readOnly: boolean;
  status: 'active' | 'expired' | 'revoked';
  createdAt: string;
  expiresAt: string | null;
  /** Last use, accurate to the minute. */
  lastUsedAt: string | null;
}

/** Every key, oldest first; with `workspaceId` only the keys of that workspace. */
export async function listApiKeys(
  { database, now }: KeyContext,
  { workspaceId }: { workspaceId?: string } = {},
): Promise<ApiKeySummary[]> {
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const keys = await database.apiKey.findMany({
    where: { workspaceId },
    omit: { secretHash: true },
    orderBy: [{ createdAt: 'asc' }, { id: 'asc' }],
  });
  const at = await now();
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
}

function statusOf(
  { revokedAt, expiresAt }: Pick<ApiKey, 'revokedAt' | 'expiresAt'>,
  at: Date,
): ApiKeySummary['status'] {
  if (revokedAt !== null) return 'revoked';
  return expiresAt !== null && expiresAt <= at ? 'expired' : 'active';
}

/**
 * Revokes a key, from the next request on. Revoking it again changes nothing.
 * @throws NotFoundError when there is no such key.
 */
export async function revokeApiKey({ database, now }: KeyContext, keyId: string): Promise<{ id: string }> {
  // A caller who passes the whole key means its ID; the secret must not be repeated in an error.
  const id = parseToken(PREFIX, keyId)?.id ?? parseInput(keyIdSchema, keyId, 'key');
  const { count } = await database.apiKey.updateMany({
    where: { id, revokedAt: null },
    data: { revokedAt: await now() },
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
