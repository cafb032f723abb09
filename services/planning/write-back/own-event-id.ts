import { createHash } from 'node:crypto';

/**
 * Value of the private property `app`. An event with it was written by Almanac, or copied from such an event.
 */
export const OUR_APP = 'almanac';

const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';
const BITS_PER_DIGIT = 5;
const DIGITS = 32;

/**
 * Google event ID of a block. It is known before the insert, so a repeated insert finds its own event. Google
 * never reuses a deleted ID, so the generation is then increased.
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

/** Identity of a block, stored in its event. */
export interface OwnMarker {
  blockId: string;
  generation: number;
}

/** Marker in an event's private properties; null where there is none. */
export function readMarker(properties: Record<string, string> | null | undefined): OwnMarker | null {
  const { app, blockId, rev } = properties ?? {};
  if (app !== OUR_APP || !blockId || rev === undefined || !/^\d{1,6}$/.test(rev)) return null;
  return { blockId, generation: Number(rev) };
}

/**
 * Whether Almanac wrote this very event. A copy inherits the marker but has another ID, and is an ordinary
 * event.
 */
export function isOwnEvent(
  googleEventId: string,
  properties: Record<string, string> | null | undefined,
): boolean {
  const marker = readMarker(properties);
  return marker !== null && ownEventId(marker.blockId, marker.generation) === googleEventId;
}
