const BASE32HEX = '0123456789abcdefghijklmnopqrstuv';

/** A seeded random source: the same seed gives the same users, events and IDs. */
export interface Random {
  /** 0 ≤ x < 1 */
  next(): number;
  /** Whole number, both ends included. */
  integer(min: number, max: number): number;
  pick<T>(items: readonly T[]): T;
  /** Lower-case base32hex string. */
  id(length: number): string;
}

/** Mulberry32: 32 bits of state are plenty for test data, and it needs no library. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return {
    next,
    integer: (min, max) => min + Math.floor(next() * (max - min + 1)),
    pick: (items) => items[Math.floor(next() * items.length)]!,
    id: (length) => Array.from({ length }, () => BASE32HEX[Math.floor(next() * 32)]).join(''),
  };
}
