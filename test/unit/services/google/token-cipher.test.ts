import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createTokenCipher } from '../../../../services/google/token-cipher.ts';

const key = () => randomBytes(32).toString('base64');
const TOKEN = '1//0-refresh-token-ü';

describe('the token cipher', () => {
  it('opens what it sealed', () => {
    const cipher = createTokenCipher([key()]);
    expect(cipher.open(cipher.seal(TOKEN, 'account-1'), 'account-1')).toBe(TOKEN);
  });

  it('seals the same token differently each time, and legibly never', () => {
    const cipher = createTokenCipher([key()]);
    const [one, two] = [cipher.seal(TOKEN, 'account-1'), cipher.seal(TOKEN, 'account-1')];
    expect(one.bytes).not.toEqual(two.bytes);
    expect(Buffer.from(one.bytes).toString('latin1')).not.toContain('refresh-token');
  });

  it('seals with the newest key and opens with any', () => {
    const [older, newer] = [key(), key()];
    const before = createTokenCipher([older]);
    const rotated = createTokenCipher([newer, older]);
    const sealed = before.seal(TOKEN, 'account-1');
    expect(rotated.open(sealed, 'account-1')).toBe(TOKEN);
    expect(rotated.keyId).toBe(createTokenCipher([newer]).keyId);
    expect(rotated.seal(TOKEN, 'account-1').keyId).toBe(rotated.keyId);
    expect(() => createTokenCipher([newer]).open(sealed, 'account-1')).toThrow(sealed.keyId);
  });

  it('refuses a value that was altered, wherever', () => {
    const cipher = createTokenCipher([key()]);
    const sealed = cipher.seal(TOKEN, 'account-1');
    for (let index = 0; index < sealed.bytes.length; index += 1) {
      const bytes = Uint8Array.from(sealed.bytes);
      bytes[index]! ^= 1;
      expect(() => cipher.open({ ...sealed, bytes }, 'account-1')).toThrow();
    }
  });

  it('refuses a value that was cut short, down to a shortened tag', () => {
    const cipher = createTokenCipher([key()]);
    const sealed = cipher.seal('', 'account-1');
    for (let length = 0; length < sealed.bytes.length; length += 1) {
      const bytes = sealed.bytes.slice(0, length);
      expect(() => cipher.open({ ...sealed, bytes }, 'account-1')).toThrow();
    }
  });

  it("refuses another account's value", () => {
    const cipher = createTokenCipher([key()]);
    expect(() => cipher.open(cipher.seal(TOKEN, 'account-1'), 'account-2')).toThrow();
  });

  it('names a key without telling anything of it', () => {
    const secret = key();
    const { keyId } = createTokenCipher([secret]);
    expect(keyId).toMatch(/^[0-9a-f]{8}$/);
    expect(Buffer.from(secret, 'base64').toString('hex')).not.toContain(keyId);
  });

  it('takes at least one key', () => {
    expect(() => createTokenCipher([])).toThrow('TOKEN_ENCRYPTION_KEY');
  });
});
