import { createHash } from 'node:crypto';

/** Decodes to `+/+/`: every token needs URL-encoding, as Google's do. */
const PREFIX = Buffer.from('+/+/', 'base64');
const CHECKSUM_BYTES = 4;

/** Packs a few values into a string that looks like Google's tokens: base64 with `+`, `/` and `=` padding. */
export function encodeToken(values: readonly (string | number)[]): string {
  let payload = JSON.stringify(values);
  // A length that is no multiple of three makes base64 pad.
  while ((PREFIX.length + CHECKSUM_BYTES + Buffer.byteLength(payload)) % 3 !== 2) payload += ' ';
  return Buffer.concat([PREFIX, checksum(payload), Buffer.from(payload)]).toString('base64');
}

/** Unpacks a token; undefined if it was made up or mangled. */
export function decodeToken(token: string): (string | number)[] | undefined {
  const bytes = Buffer.from(token, 'base64');
  if (bytes.toString('base64') !== token || !bytes.subarray(0, PREFIX.length).equals(PREFIX))
    return undefined;
  const payload = bytes.subarray(PREFIX.length + CHECKSUM_BYTES).toString();
  if (!bytes.subarray(PREFIX.length, PREFIX.length + CHECKSUM_BYTES).equals(checksum(payload)))
    return undefined;
  return JSON.parse(payload);
}

/** Short digest of request parameters, to tell whether two requests ask the same. */
export function digest(value: unknown): string {
  return createHash('sha1').update(JSON.stringify(value)).digest('base64url').slice(0, 10);
}

function checksum(payload: string): Buffer {
  return createHash('sha1').update(payload).digest().subarray(0, CHECKSUM_BYTES);
}
