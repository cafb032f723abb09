import { z } from 'zod';
import type { TokenCipher } from '../google/token-cipher.ts';
import { ConnectionError, ConnectionRefusal } from './connection-error.ts';

/** What the cipher authenticates with a state in place of an account ID: no sealed token opens as one. */
const PURPOSE = 'connect-state';
const FORM = /^([0-9a-f]{8})\.([A-Za-z0-9_-]{1,1000})$/;

const contentSchema = z.object({ attemptId: z.uuid(), workspaceId: z.string(), expiresAtMs: z.int() });

/** What goes to Google and comes back: which attempt an answer belongs to. */
type ConnectState = z.infer<typeof contentSchema>;

/** Encrypted and authenticated: nobody else can make one, change one, or read whose it is. */
export function sealState(cipher: TokenCipher, state: ConnectState): string {
  const { keyId, bytes } = cipher.seal(JSON.stringify(state), PURPOSE);
  return `${keyId}.${Buffer.from(bytes).toString('base64url')}`;
}

/** @throws ConnectionError when the state was not made here. */
export function openState(cipher: TokenCipher, sealed: string): ConnectState {
  const [, keyId = '', text = ''] = FORM.exec(sealed) ?? [];
  const decoded = Buffer.from(text, 'base64url');
  // Decoding overlooks what is too much: one state would have several spellings.
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
    'This answer belongs to no sign-in that was begun here: begin again.',
  );
}
