import { createHmac, timingSafeEqual } from 'node:crypto';
import { COMMAND_LINE_KEY_ID, ENVIRONMENT_KEY_ID } from './api-keys.ts';

/** What a session or link was made with. It ends with that. */
interface Origin {
  /** Null: the secret of the environment, or the command line. */
  apiKeyId: string | null;
  /** Proof of the secret of the environment, if it was made with that. */
  secretCheck: Uint8Array<ArrayBuffer> | null;
}

/** The columns that say what `id` was made with. */
export function originOf(id: string, keyId: string, adminSecret: string | undefined): Origin {
  if (keyId === COMMAND_LINE_KEY_ID) return { apiKeyId: null, secretCheck: null };
  if (keyId !== ENVIRONMENT_KEY_ID) return { apiKeyId: keyId, secretCheck: null };
  return { apiKeyId: null, secretCheck: adminSecret === undefined ? null : checkOf(id, adminSecret) };
}

/** Whether the environment still has the secret that it was made with, if it was made with one. */
export function isMadeWith(
  { id, secretCheck }: { id: string; secretCheck: Uint8Array | null },
  adminSecret: string | undefined,
): boolean {
  if (secretCheck === null) return true;
  return adminSecret !== undefined && timingSafeEqual(checkOf(id, adminSecret), secretCheck);
}

/** Differs from ID to ID, so that equal secrets do not show. */
function checkOf(id: string, adminSecret: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(createHmac('sha256', adminSecret).update(id).digest());
}
