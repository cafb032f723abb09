import { createHash, randomUUID } from 'node:crypto';
import type { TokenCipher } from '../google/token-cipher.ts';
import { Quota } from '../../contracts/quotas.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { readClock } from '../../prisma/read-clock.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { lockWorkspace } from '../planning/lock-workspace.ts';
import { requireRoom } from '../quota.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';
import { forged, openState, sealState } from './connect-state.ts';

/** Life of an attempt: long enough to sign in with a second factor. */
const LIFE_MS = 10 * 60_000;

export interface ConnectAttempt {
  workspaceId: string;
  /** Account to be connected again; null for any. */
  accountId: string | null;
  redirectUri: string;
  /** URL to which the browser is sent afterwards; null: none. */
  returnUrl: string | null;
  codeVerifier: string;
}

/** Identifiers of a stored attempt. */
export interface StoredAttempt {
  id: string;
  /** State parameter for Google. */
  state: string;
  expiresAt: Date;
}

export interface AttemptStore {
  database: Database;
  tokenCipher: TokenCipher;
  /** Default: Postgres's clock. */
  now?: (() => Date | Promise<Date>) | undefined;
}

const hashOf = (caller: string) => new Uint8Array(createHash('sha256').update(caller).digest());

/** Stores an attempt, and deletes attempts that have expired. */
export async function storeAttempt(
  { database, tokenCipher, now = () => readClock(database) }: AttemptStore,
  caller: string,
  { codeVerifier, ...attempt }: ConnectAttempt,
): Promise<StoredAttempt> {
  const id = randomUUID();
  const at = await now();
  const expiresAt = new Date(at.getTime() + LIFE_MS);
  const { keyId, bytes } = tokenCipher.seal(codeVerifier, id);
  await database.connectAttempt.deleteMany({ where: { expiresAt: { lt: at } } });
  await lockWorkspace(database, attempt.workspaceId, async (transaction) => {
    const count = await transaction.connectAttempt.count({ where: { workspaceId: attempt.workspaceId } });
    requireRoom('sign-ins of a workspace in progress', Quota.connectAttempts, { count });
    await transaction.connectAttempt.create({
      data: { ...attempt, id, callerHash: hashOf(caller), keyId, codeVerifier: bytes, expiresAt },
    });
  });
  return { id, state: stateOf(tokenCipher, { id, workspaceId: attempt.workspaceId, expiresAt }), expiresAt };
}

/** State parameter of a stored attempt. */
function stateOf(
  tokenCipher: TokenCipher,
  { id, workspaceId, expiresAt }: { id: string; workspaceId: string; expiresAt: Date },
): string {
  return sealState(tokenCipher, { attemptId: id, workspaceId, expiresAtMs: expiresAt.getTime() });
}

/**
 * Takes the attempt of a state, once: the row is deleted. A state presented with the wrong secret is not used
 * up.
 * @param workspaceId expected workspace, if the caller knows it
 * @throws ConnectionError when the state is forged, used, expired, or belongs to another caller.
 */
export async function takeAttempt(
  store: AttemptStore,
  caller: string,
  sealedState: string,
  workspaceId: string | undefined,
): Promise<ConnectAttempt> {
  const state = openState(store.tokenCipher, sealedState);
  if (workspaceId !== undefined && workspaceId !== state.workspaceId) throw foreign();
  const { database, now = () => readClock(database) } = store;
  if (state.expiresAtMs <= (await now()).getTime()) throw late();
  return takeById(store, caller, state.attemptId, state.workspaceId);
}

/**
 * Takes an attempt by its ID, once.
 * @throws ConnectionError when it is used, expired, or belongs to another caller.
 */
export async function takeById(
  store: AttemptStore,
  caller: string,
  id: string,
  workspaceId: string,
): Promise<ConnectAttempt & { code: string | null }> {
  const { database, tokenCipher, now = () => readClock(database) } = store;
  const [row] = await database.$queryRaw<AttemptRow[]>`
    delete from connect_attempts
    where id = ${id}::uuid and workspace_id = ${workspaceId} and caller_hash = ${Buffer.from(hashOf(caller))}
    returning ${ATTEMPT_COLUMNS}`;
  if (row === undefined) throw await refusal(database, id);
  if (row.expiresAt <= (await now())) throw late();
  return open(tokenCipher, row);
}

/**
 * Passes an attempt to its next holder, with Google's code once it is known. The previous holder loses it.
 * @throws ConnectionError when it is used, expired, or not held by `from`.
 */
export async function passAttempt(
  store: AttemptStore,
  id: string,
  { from, to, code }: { from: string; to: string; code?: string },
): Promise<ConnectAttempt & StoredAttempt> {
  const { database, tokenCipher, now = () => readClock(database) } = store;
  const at = await now();
  return database.$transaction(async (transaction) => {
    const row = await readHeld(transaction, id, from);
    if (row.expiresAt <= at) throw late();
    const attempt = open(tokenCipher, row);
    await transaction.connectAttempt.update({
      where: { id },
      data: {
        callerHash: hashOf(to),
        ...(code !== undefined && { code: tokenCipher.seal(code, id, row.keyId).bytes }),
      },
    });
    return { ...attempt, id, state: stateOf(tokenCipher, row), expiresAt: row.expiresAt };
  });
}

/**
 * URL to which an attempt's browser is sent; null: none.
 * @throws ConnectionError when the attempt is used, or belongs to another caller.
 */
export async function returnUrlOf(
  { database }: AttemptStore,
  caller: string,
  id: string,
): Promise<string | null> {
  return (await readHeld(database, id, caller)).returnUrl;
}

const ATTEMPT_COLUMNS = Prisma.raw(`id::text, workspace_id as "workspaceId", account_id::text as "accountId",
  redirect_uri as "redirectUri", return_url as "returnUrl", key_id as "keyId", code_verifier as "codeVerifier",
  code, expires_at as "expiresAt"`);

interface AttemptRow extends Omit<ConnectAttempt, 'codeVerifier'> {
  id: string;
  keyId: string;
  codeVerifier: Uint8Array;
  code: Uint8Array | null;
  expiresAt: Date;
}

async function readHeld(database: Database | Transaction, id: string, caller: string): Promise<AttemptRow> {
  const [row] = await database.$queryRaw<AttemptRow[]>`
    select ${ATTEMPT_COLUMNS} from connect_attempts
    where id = ${id}::uuid and caller_hash = ${Buffer.from(hashOf(caller))} for update`;
  if (row === undefined) throw await refusal(database, id);
  return row;
}

function open(
  tokenCipher: TokenCipher,
  { id, keyId, codeVerifier, code, expiresAt: _expiresAt, ...attempt }: AttemptRow,
): ConnectAttempt & { code: string | null } {
  const unseal = (bytes: Uint8Array) => tokenCipher.open({ keyId, bytes: new Uint8Array(bytes) }, id);
  try {
    return { ...attempt, codeVerifier: unseal(codeVerifier), code: code && unseal(code) };
  } catch {
    throw forged();
  }
}

/** Error for a caller who cannot have an attempt: it is used, or held by another caller. */
async function refusal(database: Database | Transaction, id: string): Promise<ConnectionError> {
  const unused = await database.connectAttempt.findUnique({ where: { id }, select: { id: true } });
  return unused === null
    ? new ConnectionError(ConnectionRefusal.stateUsed, 'This sign-in has already been used: start again.')
    : foreign();
}

function late(): ConnectionError {
  return new ConnectionError(
    ConnectionRefusal.stateExpired,
    'The sign-in took longer than ten minutes: start again.',
  );
}

function foreign(): ConnectionError {
  return new ConnectionError(
    ConnectionRefusal.stateForeign,
    'This sign-in belongs to another workspace or another user: start again.',
  );
}
