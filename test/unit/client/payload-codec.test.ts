import { randomBytes } from 'node:crypto';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { describe, expect, it } from 'vitest';
import { createTokenCipher } from '../../../services/google/token-cipher.ts';
import { createPayloadCodec } from '../../../client/payload-codec.ts';
import { EnvironmentError } from '../../../contracts/environment.ts';

const key = () => randomBytes(32).toString('base64');
const value = { workspaceId: 'canary-1', calendarIds: ['canary-2'], text: 'ü' };
const payload: Payload = defaultPayloadConverter.toPayload(value) ?? {};

const text = (bytes: Uint8Array | null | undefined) => Buffer.from(bytes ?? []).toString('latin1');

/** Payloads in Temporal's database, as text. */
const stored = ({ metadata, data }: Payload) =>
  [...Object.entries(metadata ?? {}).flatMap(([name, bytes]) => [name, text(bytes)]), text(data)].join('\n');

async function encrypted(encoded: string, from = payload): Promise<Payload> {
  const [one] = await createPayloadCodec({ keys: [encoded], encrypt: true }).encode([from]);
  if (one === undefined) throw new Error('Nothing was encoded.');
  return one;
}

async function decoded(keys: string[], from: Payload, encrypt = true): Promise<unknown> {
  const [one] = await createPayloadCodec({ keys, encrypt }).decode([from]);
  return defaultPayloadConverter.fromPayload(one ?? {});
}

describe('the payload codec', () => {
  it('reads what it has written, which is unreadable without the key', async () => {
    const secret = key();
    const sealed = await encrypted(secret);
    expect(stored(payload)).toContain('canary');
    expect(stored(sealed)).not.toMatch(/canary|workspaceId|json/);
    expect(await decoded([secret], sealed)).toEqual(value);
  });

  it('names the key it used, as stored tokens do', async () => {
    const secret = key();
    const { metadata } = await encrypted(secret);
    expect(text(metadata?.['encoding'])).toBe('binary/encrypted');
    expect(text(metadata?.['encryption-key-id'])).toBe(createTokenCipher([secret]).keyId);
  });

  it('writes the same payload differently each time', async () => {
    const secret = key();
    const [one, two] = [await encrypted(secret), await encrypted(secret)];
    expect(text(one.data)).not.toBe(text(two.data));
    expect(text(one.data).slice(0, 16)).not.toBe(text(two.data).slice(0, 16));
  });

  it.each([[null], [undefined], [''], [[]], [{}], [new Uint8Array([0, 255])], [7]])(
    'keeps %o as it is',
    async (given) => {
      const secret = key();
      const converted = defaultPayloadConverter.toPayload(given) ?? {};
      expect(await decoded([secret], await encrypted(secret, converted))).toEqual(given);
    },
  );

  it('reads what is not encrypted: old histories, and input of other tools', async () => {
    expect(await decoded([key()], payload)).toEqual(value);
  });

  it('goes on reading once encryption is switched off, and writes plainly', async () => {
    const secret = key();
    const off = createPayloadCodec({ keys: [secret], encrypt: false });
    expect(await off.encode([payload])).toEqual([payload]);
    expect(await decoded([secret], await encrypted(secret), false)).toEqual(value);
  });

  it('encrypts with the newest key and reads with any', async () => {
    const [older, newer] = [key(), key()];
    const before = await encrypted(older);
    expect(await decoded([newer, older], before)).toEqual(value);
    const [after] = await createPayloadCodec({ keys: [newer, older], encrypt: true }).encode([payload]);
    expect(await decoded([newer], after ?? {})).toEqual(value);
  });

  it('names the key that is missing, and the variable it belongs in', async () => {
    const [older, newer] = [key(), key()];
    const { keyId } = createTokenCipher([older]);
    const sealed = await encrypted(older);
    await expect(decoded([newer], sealed)).rejects.toThrow(EnvironmentError);
    await expect(decoded([], sealed, false)).rejects.toThrow(
      `TOKEN_ENCRYPTION_KEY must hold the key ${keyId} `,
    );
  });

  it('does not repeat a key ID that cannot be one', async () => {
    const forged = { metadata: { encoding: Buffer.from('binary/encrypted') }, data: Buffer.from('x') };
    const hostile = {
      ...forged,
      metadata: { ...forged.metadata, 'encryption-key-id': Buffer.from('\r\nx') },
    };
    for (const one of [forged, hostile])
      await expect(decoded([key()], one)).rejects.toThrow('must hold the key with which');
  });

  it('encrypts once where it is asked twice', async () => {
    const secret = key();
    const sealed = await encrypted(secret);
    expect(await encrypted(secret, sealed)).toBe(sealed);
  });

  it('refuses a payload that was altered or cut short, wherever', async () => {
    const secret = key();
    const sealed = await encrypted(secret, defaultPayloadConverter.toPayload(null) ?? {});
    const data = Buffer.from(sealed.data ?? []);
    for (let index = 0; index < data.length; index += 1) {
      const altered = Uint8Array.from(data);
      altered[index]! ^= 1;
      await expect(decoded([secret], { ...sealed, data: altered })).rejects.toThrow();
      await expect(decoded([secret], { ...sealed, data: data.subarray(0, index) })).rejects.toThrow();
    }
  });

  it('refuses the key of another purpose: a token is no payload', async () => {
    const secret = key();
    const { bytes } = createTokenCipher([secret]).seal('token', 'account-1');
    await expect(decoded([secret], { ...(await encrypted(secret)), data: bytes })).rejects.toThrow();
  });

  it('does not start without a key', () => {
    expect(() => createPayloadCodec({ keys: [], encrypt: true })).toThrow('TOKEN_ENCRYPTION_KEY');
  });
});
