import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import type { Payload, PayloadCodec } from '@temporalio/common';
import proto from '@temporalio/proto';
import { keyIdOf } from '../services/google/token-cipher.ts';
import { EnvironmentError } from '../contracts/environment.ts';

const { Payload: PayloadMessage } = proto.temporal.api.common.v1;

const ALGORITHM = 'aes-256-gcm';
const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const HEAD_BYTES = SALT_BYTES + NONCE_BYTES + TAG_BYTES;
/** Separates the keys of payloads from the keys of tokens and of any other use. */
const PURPOSE = 'almanac temporal payload 1';

/** The encoding of Temporal's own samples; tools recognise such a payload as encrypted. */
const ENCODING = Buffer.from('binary/encrypted');
const CIPHER = Buffer.from('AES-256-GCM');
const KEY_ID_FIELD = 'encryption-key-id';

interface PayloadCodecOptions {
  /** Base64, 32 bytes each, newest first: the first encrypts, any decrypts. */
  keys: readonly string[];
  /** Whether payloads are encrypted. Encrypted ones are always read. */
  encrypt: boolean;
}

function isEncrypted({ metadata }: Payload): boolean {
  return ENCODING.equals(metadata?.['encoding'] ?? Buffer.alloc(0));
}

/**
 * Derives a key for each payload, because random nonces of GCM are safe for only four billion messages per
 * key.
 */
function payloadKey(key: Buffer, salt: Uint8Array): Buffer {
  return createHmac('sha256', key).update(PURPOSE).update(salt).digest();
}

function encrypt(payload: Payload, keyId: string, key: Buffer): Payload {
  const salt = randomBytes(SALT_BYTES);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, payloadKey(key, salt), nonce).setAAD(Buffer.from(keyId));
  const body = Buffer.concat([cipher.update(PayloadMessage.encode(payload).finish()), cipher.final()]);
  return {
    metadata: { encoding: ENCODING, 'encryption-cipher': CIPHER, [KEY_ID_FIELD]: Buffer.from(keyId) },
    data: Buffer.concat([salt, nonce, cipher.getAuthTag(), body]),
  };
}

function decrypt({ data }: Payload, keyId: string, key: Buffer): Payload {
  const bytes = Buffer.from(data ?? []);
  const nonce = bytes.subarray(SALT_BYTES, SALT_BYTES + NONCE_BYTES);
  const decipher = createDecipheriv(ALGORITHM, payloadKey(key, bytes.subarray(0, SALT_BYTES)), nonce, {
    authTagLength: TAG_BYTES,
  })
    .setAAD(Buffer.from(keyId))
    .setAuthTag(bytes.subarray(SALT_BYTES + NONCE_BYTES, HEAD_BYTES));
  const { metadata, data: body } = PayloadMessage.decode(
    Buffer.concat([decipher.update(bytes.subarray(HEAD_BYTES)), decipher.final()]),
  );
  return { metadata, data: body };
}

/**
 * AES-256-GCM for the inputs, results and messages that Temporal stores. The ID of the key is stored with
 * them. Payloads that are not encrypted are read as they are: older histories, and input from other tools.
 */
export function createPayloadCodec({ keys, encrypt: encrypts }: PayloadCodecOptions): PayloadCodec {
  const byId = new Map(
    keys.map((encoded) => {
      const key = Buffer.from(encoded, 'base64');
      return [keyIdOf(key), key] as const;
    }),
  );
  const [newest] = byId;
  if (encrypts && newest === undefined) throw new Error('TOKEN_ENCRYPTION_KEY holds no key.');

  return {
    async encode(payloads) {
      if (!encrypts || newest === undefined) return payloads;
      return payloads.map((payload) => (isEncrypted(payload) ? payload : encrypt(payload, ...newest)));
    },
    async decode(payloads) {
      return payloads.map((payload) => {
        if (!isEncrypted(payload)) return payload;
        const keyId = Buffer.from(payload.metadata?.[KEY_ID_FIELD] ?? []).toString();
        const key = byId.get(keyId);
        if (key === undefined) {
          // The ID is untrusted, so it is repeated only if it looks like one.
          const named = /^[0-9a-f]{8}$/.test(keyId) ? ` ${keyId}` : '';
          throw new EnvironmentError(
            `TOKEN_ENCRYPTION_KEY must hold the key${named} with which a workflow's payload is encrypted.`,
          );
        }
        return decrypt(payload, keyId, key);
      });
    },
  };
}
