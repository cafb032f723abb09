/** In every title, description, address and refresh token. Nothing that Almanac leaves behind may hold it. */
export const CANARY = 'kanarienvogel';

/** Prefix of every access token of Google. */
const ACCESS_TOKEN = 'ya29.';
export const CLIENT_SECRET = 'almanac-dev-secret';

/** Texts that must not be found, by name. */
export function secretsOf(encryptionKey: string): Record<string, string> {
  return {
    'content, an address or a refresh token': CANARY,
    'an access token': ACCESS_TOKEN,
    'the client secret': CLIENT_SECRET,
    'the encryption key': encryptionKey,
  };
}

/** Something was found where it must not be. */
export interface Leak {
  where: string;
  what: string;
}

/** Looks for secrets in a text, or in bytes that hold text. */
export function findLeaks(where: string, text: string | Buffer, secrets: Record<string, string>): Leak[] {
  return Object.entries(secrets)
    .filter(([, secret]) => text.includes(secret))
    .map(([what]) => ({ where, what }));
}
