import { createHash } from 'node:crypto';

/** The value of the private property `app`: an event that carries it was written by Almanac, or copied from one. */
export const OUR_APP = 'almanac';

const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';
const BITS_PER_DIGIT = 5;
const DIGITS = 32;

/**
 * The Google event ID of a block: known before the insert, so that a repeated insert meets its own event. Google
 * never lets a deleted ID be used again: then the generation goes up.
 */
export function ownEventId(blockId: string, generation: number): string {
  const hash = createHash('sha256').update(`${blockId}/${generation}`).digest();
  let bits = 0n;
  for (const byte of hash.subarray(0, (DIGITS * BITS_PER_DIGIT) / 8)) bits = (bits << 8n) | BigInt(byte);
  let id = '';
  for (let digit = DIGITS - 1; digit >= 0; digit -= 1) {
    id += BASE32HEX[Number((bits >> BigInt(digit * BITS_PER_DIGIT)) & 31n)];
  }
  return id;
}

/** What an event of ours says of itself. */
export interface OwnMarker {
  blockId: string;
  generation: number;
}

/** The marker in an event's private properties; null where there is none. */
export function readMarker(properties: Record<string, string> | null | undefined): OwnMarker | null {
  const { app, blockId, rev } = properties ?? {};
  if (app !== OUR_APP || !blockId || rev === undefined || !/^\d{1,6}$/.test(rev)) return null;
  return { blockId, generation: Number(rev) };
}

/**
 * Whether Almanac wrote this very event. A copy that a person makes inherits the marker, but has another ID: it is
 * an event like any other.
 */
export function isOwnEvent(
  googleEventId: string,
  properties: Record<string, string> | null | undefined,
): boolean {
  const marker = readMarker(properties);
  return marker !== null && ownEventId(marker.blockId, marker.generation) === googleEventId;
}
