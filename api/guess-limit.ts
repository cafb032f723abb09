import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import type { Caller } from '../services/keys/api-keys.ts';
import { RateLimitedError } from '../services/errors.ts';

/** Keys that do not exist, from one address in a window: after these the database is asked for no more of them. */
const MOST_GUESSES = 20;
const WINDOW_MS = 60_000;
/** Keys that wait for their turn at one address. */
const MOST_WAITING = 500;
/** How long a key that was refused is refused without being looked for. */
const REFUSED_FOR_MS = 5_000;
/** Keys and addresses that are remembered; those that came first are forgotten first. */
const MOST_REMEMBERED = 20_000;

type FindCaller = (token: string) => Promise<Caller | null>;

interface Address {
  guesses: number;
  windowEndsAt: number;
  waiting: number;
  last: Promise<unknown>;
}

/**
 * Looks keys up, and spares the database those of who guesses: a key that has just been refused is refused again, and an
 * address that has sent many that do not exist is refused further ones. A key that was good before is always looked up,
 * whoever else is at its address. Keys that are new at an address are looked up one after the other: guesses at once are
 * counted as they are.
 */
export function limitGuesses(findCaller: FindCaller): (token: string, ip: string) => Promise<Caller | null> {
  const good = new Map<string, true>();
  const refused = new Map<string, number>();
  const addresses = new Map<string, Address>();

  async function look(token: string, digest: string): Promise<Caller | null> {
    const caller = await findCaller(token);
    if (caller === null) {
      good.delete(digest);
      remember(refused, digest, performance.now() + REFUSED_FOR_MS);
    } else remember(good, digest, true);
    return caller;
  }

  async function lookInTurn(token: string, digest: string, address: Address): Promise<Caller | null> {
    if ((refused.get(digest) ?? 0) > performance.now()) return null;
    if (address.guesses >= MOST_GUESSES && performance.now() < address.windowEndsAt) throw tooMany();
    const caller = await look(token, digest);
    if (caller !== null) return caller;
    if (performance.now() >= address.windowEndsAt) {
      address.guesses = 0;
      address.windowEndsAt = performance.now() + WINDOW_MS;
    }
    address.guesses += 1;
    return null;
  }

  return async (token, ip) => {
    const digest = createHash('sha256').update(token).digest('base64');
    if ((refused.get(digest) ?? 0) > performance.now()) return null;
    if (good.has(digest)) return look(token, digest);
    const name = networkOf(ip);
    const address = addresses.get(name) ?? {
      guesses: 0,
      windowEndsAt: 0,
      waiting: 0,
      last: Promise.resolve(),
    };
    remember(addresses, name, address);
    if (address.waiting >= MOST_WAITING) throw tooMany();
    address.waiting += 1;
    const turn = address.last
      .then(() => lookInTurn(token, digest, address))
      .finally(() => (address.waiting -= 1));
    address.last = turn.catch(() => undefined);
    return turn;
  };
}

/** Whoever has one IPv6 address has 2^64. */
function networkOf(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  return address instanceof ipaddr.IPv6 ? address.parts.slice(0, 4).join(':') : address.toString();
}

function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  const [oldest] = map.keys();
  if (map.size > MOST_REMEMBERED && oldest !== undefined) map.delete(oldest);
}

function tooMany(): RateLimitedError {
  return new RateLimitedError(
    'Too many keys that do not exist have come from this address: try again a minute later, with a key that exists.',
  );
}
