import { GoogleError, invalidBody } from '../http/google-error.ts';

const CLIENT_ID = /^[a-v0-9]{5,1024}$/;
const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';

/** Checks an ID that a client chose. */
export function checkClientId(id: unknown): asserts id is string {
  if (typeof id !== 'string' || !CLIENT_ID.test(id)) throw invalidBody('Invalid resource id value.');
}

export function duplicate(): GoogleError {
  return new GoogleError(409, {
    domain: 'global',
    reason: 'duplicate',
    message: 'The requested identifier already exists.',
  });
}

/**
 * ID of an imported event. Google's own UIDs give back the ID they were made from; others become `_` and the
 * UID in base32hex, as Google does it.
 */
export function idOfICalUid(iCalUID: string): string {
  const own = /^([a-v0-9]{5,1024})@google\.com$/.exec(iCalUID);
  if (own) return own[1]!;
  let bits = '';
  for (const byte of Buffer.from(iCalUID)) bits += byte.toString(2).padStart(8, '0');
  const groups = bits.match(/.{1,5}/g) ?? [];
  return `_${groups.map((group) => BASE32HEX[parseInt(group.padEnd(5, '0'), 2)]).join('')}`;
}
