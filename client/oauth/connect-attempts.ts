import { createHash, randomUUID } from 'node:crypto';
import type { TokenCipher } from '../../activities/google/token-cipher.ts';
import type { Database } from '../../prisma/client.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';
import { forged, openState, sealState } from './connect-state.ts';

/** Long enough to sign in with a second factor. */
const LIFE_MS = 10 * 60_000;

export interface ConnectAttempt {
  workspaceId: string;
  /** The account to be connected again; null for any. */
  accountId: string | null;
  redirectUri: string;
  codeVerifier: string;
}

export interface AttemptStore {
  database: Database;
  tokenCipher: TokenCipher;
  /** Default: the system's clock. */
  now?: (() => Date) | undefined;
}

const hashOf = (caller: string) => new Uint8Array(createHash('sha256').update(caller).digest());

/** Remembers a sign-in that goes to Google, and forgets those that have not come back in time. */
export async function storeAttempt(
  { database, tokenCipher, now = () => new Date() }: AttemptStore,
  caller: string,
  { workspaceId, accountId, redirectUri, codeVerifier }: ConnectAttempt,
): Promise<{ state: string; expiresAt: Date }> {
  const id = randomUUID();
  const expiresAt = new Date(now().getTime() + LIFE_MS);
  const { keyId, bytes } = tokenCipher.seal(codeVerifier, id);
  await database.connectAttempt.deleteMany({ where: { expiresAt: { lt: now() } } });
  await database.connectAttempt.create({
    data: {
      id,
      workspaceId,
      accountId,
      callerHash: hashOf(caller),
      redirectUri,
      keyId,
      codeVerifier: bytes,
      expiresAt,
    },
  });
  const state = sealState(tokenCipher, { attemptId: id, workspaceId, expiresAtMs: expiresAt.getTime() });
  return { state, expiresAt };
}

/**
 * Takes the attempt that a state stands for, once: the row is deleted. A stranger who presents a state does not use
 * it up.
 * @param workspaceId where the caller knows which it must be.
 * @throws ConnectionError when the state is forged, used, expired, or somebody else's.
 */
export async function takeAttempt(
  { database, tokenCipher, now = () => new Date() }: AttemptStore,
  caller: string,
  sealedState: string,
  workspaceId: string | undefined,
): Promise<ConnectAttempt> {
  const state = openState(tokenCipher, sealedState);
  if (workspaceId !== undefined && workspaceId !== state.workspaceId) throw foreign();
  if (state.expiresAtMs <= now().getTime()) {
    throw new ConnectionError(
      ConnectionRefusal.stateExpired,
      'The sign-in has taken longer than ten minutes: begin again.',
    );
  }
  const id = state.attemptId;
  const taken = await database.$queryRaw<SealedAttempt[]>`
    delete from connect_attempts
    where id = ${id}::uuid and workspace_id = ${state.workspaceId} and caller_hash = ${Buffer.from(hashOf(caller))}
    returning account_id::text as "accountId", redirect_uri as "redirectUri", key_id as "keyId",
      code_verifier as "codeVerifier"`;
  const [attempt] = taken;
  if (attempt === undefined) {
    const unused = await database.connectAttempt.findUnique({ where: { id }, select: { id: true } });
    if (unused !== null) throw foreign();
    throw new ConnectionError(
      ConnectionRefusal.stateUsed,
      'This sign-in has been used already: begin again.',
    );
  }
  const { accountId, redirectUri, keyId, codeVerifier: sealed } = attempt;
  try {
    const codeVerifier = tokenCipher.open({ keyId, bytes: new Uint8Array(sealed) }, id);
    return { workspaceId: state.workspaceId, accountId, redirectUri, codeVerifier };
  } catch {
    throw forged();
  }
}

interface SealedAttempt {
  accountId: string | null;
  redirectUri: string;
  keyId: string;
  codeVerifier: Uint8Array;
}

function foreign(): ConnectionError {
  return new ConnectionError(
    ConnectionRefusal.stateForeign,
    'This sign-in was begun for another workspace or by somebody else: begin again.',
  );
}
