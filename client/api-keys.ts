import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { Database } from '../prisma/client.ts';
import { InvalidInputError } from './errors.ts';
import { parseInput, workspaceIdSchema } from './input.ts';
import { requireWorkspace } from './workspaces.ts';

/** Who asks. */
export interface Caller {
  /** No secret: it stands in logs and in front of Idempotency-Keys. */
  keyId: string;
  scope: 'admin' | { workspaceId: string };
}

/** `alm_` and 64 bits that name the key, then 256 random bits that only its holder knows. */
const KEY = /^(alm_[0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;
/** Who uses the secret of the environment. */
const ENVIRONMENT_KEY_ID = 'environment';
const LAST_USE_TO_MS = 60_000;

function digest(text: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHash('sha256').update(text).digest());
}

const keySchema = z.object({
  name: z.string().trim().min(1, 'must not be empty').max(100, 'must have at most 100 characters'),
  /** Without: an admin's, good for every workspace. */
  workspaceId: workspaceIdSchema.optional(),
  /** Default: never. */
  expiresAt: z.date().optional(),
});

interface CreatedKey {
  id: string;
  /** The only time that it is told. */
  key: string;
}

/** @throws NotFoundError when there is no such workspace, InvalidInputError when it would have expired already. */
export async function createApiKey(
  { database, now }: { database: Database; now: () => Date },
  input: z.input<typeof keySchema>,
): Promise<CreatedKey> {
  const { name, workspaceId = null, expiresAt = null } = parseInput(keySchema, input);
  if (expiresAt !== null && expiresAt <= now())
    throw new InvalidInputError('expiresAt', 'must be in the future');
  if (workspaceId !== null) await requireWorkspace(database, workspaceId);
  const id = `alm_${randomBytes(8).toString('hex')}`;
  const secret = randomBytes(32).toString('base64url');
  await database.apiKey.create({
    data: { id, workspaceId, name, expiresAt, createdAt: now(), secretHash: digest(secret) },
  });
  return { id, key: `${id}_${secret}` };
}

/**
 * Tells who holds a token, or null. A wrong secret takes as long as a right one: digests are compared, in constant
 * time, also where no such key exists.
 */
export function createAuthenticator({
  database,
  adminSecret,
  now,
}: {
  database: Database;
  adminSecret: string | undefined;
  now: () => Date;
}): (token: string) => Promise<Caller | null> {
  const adminDigest = adminSecret === undefined ? null : digest(adminSecret);
  const nobody = digest('');

  return async (token) => {
    const isAdmin = timingSafeEqual(digest(token), adminDigest ?? nobody) && adminDigest !== null;
    if (isAdmin) return { keyId: ENVIRONMENT_KEY_ID, scope: 'admin' };
    const [, id = '', secret = ''] = KEY.exec(token) ?? [];
    if (id === '') return null;
    const key = await database.apiKey.findUnique({ where: { id } });
    const isRight = timingSafeEqual(digest(secret), key?.secretHash ?? nobody);
    const at = now();
    if (!key || !isRight || key.revokedAt !== null || (key.expiresAt !== null && key.expiresAt <= at)) {
      return null;
    }
    if (key.lastUsedAt === null || at.getTime() - key.lastUsedAt.getTime() >= LAST_USE_TO_MS) {
      await database.apiKey.updateMany({ where: { id }, data: { lastUsedAt: at } });
    }
    return { keyId: id, scope: key.workspaceId === null ? 'admin' : { workspaceId: key.workspaceId } };
  };
}
