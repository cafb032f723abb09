import type { Database, Transaction } from '../../prisma/client.ts';
import { type Caller, COMMAND_LINE_KEY_ID, ENVIRONMENT_KEY_ID } from './api-keys.ts';
import { isMadeWith, originOf } from './origin.ts';
import { createToken, isSecret, parseToken } from './secret-token.ts';

/** Kinds of tokens of the console, each with the beginning of its IDs. */
const PREFIXES = { session: 'ses', 'sign-in-link': 'sign' } as const;
type Kind = keyof typeof PREFIXES;

/** Live tokens of one kind that came from one key; the oldest ends when another is made. */
const MOST_PER_KEY = 20;
/** A session that is idle for longer ends. */
const IDLE_MINUTES = 120;
const LAST_USE_SECONDS = 60;

export interface ConsoleContext {
  database: Database;
  /** The secret of the environment. */
  adminSecret: string | undefined;
}

/** A caller who holds a token of the console. */
export interface TokenHolder extends Caller {
  /** ID of the session or of the link. It is no secret. */
  id: string;
  expiresAt: Date;
}

interface TokenRow {
  id: string;
  tokenHash: Uint8Array;
  apiKeyId: string | null;
  workspaceId: string | null;
  readOnly: boolean;
  secretCheck: Uint8Array | null;
  expiresAt: Date;
  isStale: boolean;
}

/** Whether a token has this form, so that the database has to be asked. */
export function isConsoleToken(kind: Kind, token: string): boolean {
  return parseToken(PREFIXES[kind], token) !== null;
}

/** Makes a token with the rights of a caller. It ends with the caller's key. */
export async function createConsoleToken(
  { database, adminSecret }: ConsoleContext,
  kind: Kind,
  { keyId, scope, readOnly }: Caller,
  { minutes, userAgent = null }: { minutes: number; userAgent?: string | null },
): Promise<TokenHolder & { token: string }> {
  const { id, token, secretHash } = createToken(PREFIXES[kind]);
  const { apiKeyId, secretCheck } = originOf(id, keyId, adminSecret);
  const workspaceId = scope === 'admin' ? null : scope.workspaceId;
  const [row] = await database.$queryRaw<{ expiresAt: Date }[]>`
    insert into console_sessions
      (id, kind, workspace_id, api_key_id, secret_check, token_hash, user_agent, created_at, last_used_at, expires_at)
    values (${id}, ${kind}, ${workspaceId}, ${apiKeyId}, ${secretCheck}, ${secretHash}, ${userAgent}, now(), now(),
      now() + make_interval(mins => ${minutes}::int))
    returning expires_at as "expiresAt"`;
  // After the insert, so that concurrent ones cannot exceed the number.
  await database.$executeRaw`
    delete from console_sessions where id in (
      select id from console_sessions where kind = ${kind} and api_key_id is not distinct from ${apiKeyId}
      order by created_at desc, id desc offset ${MOST_PER_KEY}::int)`;
  return { id, token, keyId, scope, readOnly, expiresAt: row!.expiresAt };
}

/**
 * The caller who holds a token, or null: it is unknown, expired, was idle for too long, or the key it came from is
 * revoked, expired or, as the environment's secret, another. Notes that it was used.
 */
export async function findConsoleToken(
  { database, adminSecret }: ConsoleContext,
  kind: Kind,
  token: string,
): Promise<TokenHolder | null> {
  const parts = parseToken(PREFIXES[kind], token);
  if (parts === null) return null;
  const [row] = await database.$queryRaw<TokenRow[]>`
    select s.id, s.token_hash as "tokenHash", s.api_key_id as "apiKeyId", s.workspace_id as "workspaceId",
      coalesce(k.read_only, false) as "readOnly", s.secret_check as "secretCheck", s.expires_at as "expiresAt",
      s.last_used_at < now() - make_interval(secs => ${LAST_USE_SECONDS}::int) as "isStale"
    from console_sessions s left join api_keys k on k.id = s.api_key_id
    where s.id = ${parts.id} and s.kind = ${kind} and s.expires_at > now()
      and s.last_used_at > now() - make_interval(mins => ${IDLE_MINUTES}::int)
      and (s.api_key_id is null or k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))`;
  if (!isSecret(parts.secret, row?.tokenHash) || !row || !isMadeWith(row, adminSecret)) return null;
  const { id, apiKeyId, workspaceId, readOnly, secretCheck, expiresAt, isStale } = row;
  if (isStale) await database.$executeRaw`update console_sessions set last_used_at = now() where id = ${id}`;
  return {
    id,
    expiresAt,
    keyId: apiKeyId ?? (secretCheck === null ? COMMAND_LINE_KEY_ID : ENVIRONMENT_KEY_ID),
    scope: workspaceId === null ? 'admin' : { workspaceId },
    readOnly,
  };
}

/** Ends a token at once. Whether this call did. */
export async function endConsoleToken(
  database: Database | Transaction,
  kind: Kind,
  id: string,
): Promise<boolean> {
  const { count } = await database.consoleSession.deleteMany({ where: { id, kind } });
  return count > 0;
}

/** Live sessions only, by Postgres's clock. */
export async function readLiveSessions(database: Database, after: string | undefined, take: number) {
  return database.$queryRaw<
    {
      id: string;
      workspaceId: string | null;
      keyId: string | null;
      userAgent: string | null;
      createdAt: Date;
      lastUsedAt: Date;
      expiresAt: Date;
    }[]
  >`
    select s.id, s.workspace_id as "workspaceId", s.api_key_id as "keyId", s.user_agent as "userAgent",
      s.created_at as "createdAt", s.last_used_at as "lastUsedAt", s.expires_at as "expiresAt"
    from console_sessions s left join api_keys k on k.id = s.api_key_id
    where s.kind = 'session' and s.id > ${after ?? ''} and s.expires_at > now()
      and s.last_used_at > now() - make_interval(mins => ${IDLE_MINUTES}::int)
      and (s.api_key_id is null or k.revoked_at is null and (k.expires_at is null or k.expires_at > now()))
    order by s.id limit ${take}::int`;
}
