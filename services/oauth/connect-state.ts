import { z } from 'zod';
import type { TokenCipher } from '../google/token-cipher.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';

/** Authenticated with a state in place of an account ID, so that no sealed token opens as a state. */
const PURPOSE = 'connect-state';
const FORM = /^([0-9a-f]{8})\.([A-Za-z0-9_-]{1,1000})$/;

const contentSchema = z.object({ attemptId: z.uuid(), workspaceId: z.string(), expiresAtMs: z.int() });

/** Content of the state parameter: the attempt to which Google's answer belongs. */
type ConnectState = z.infer<typeof contentSchema>;

/** Seals a state. It is encrypted and authenticated, so others cannot forge, change or read it. */
export function sealState(cipher: TokenCipher, state: ConnectState): string {
  const { keyId, bytes } = cipher.seal(JSON.stringify(state), PURPOSE);
  return `${keyId}.${Buffer.from(bytes).toString('base64url')}`;
}

/** @throws ConnectionError when the state was not issued by this installation. */
export function openState(cipher: TokenCipher, sealed: string): ConnectState {
  const [, keyId = '', text = ''] = FORM.exec(sealed) ?? [];
  const decoded = Buffer.from(text, 'base64url');
  // Decoding ignores surplus characters, which would give one state several spellings.
  if (decoded.toString('base64url') !== text) throw forged();
  try {
    const bytes = new Uint8Array(decoded);
    return contentSchema.parse(JSON.parse(cipher.open({ keyId, bytes }, PURPOSE)));
  } catch {
    throw forged();
  }
}

export function forged(): ConnectionError {
  return new ConnectionError(
    ConnectionRefusal.stateForged,
    'This answer does not belong to a sign-in of this installation: start again.',
  );
}
