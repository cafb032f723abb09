import { createHash } from 'node:crypto';
import ipaddr from 'ipaddr.js';
import { RateLimitedError } from '../services/errors.ts';

/** Unknown keys that one address may send per window before further ones are refused without a lookup. */
const MOST_GUESSES = 20;
const WINDOW_MS = 60_000;
/** Waiting lookups per address. */
const MOST_WAITING = 500;
/** Time during which a refused key is refused again without a lookup. */
const REFUSED_FOR_MS = 5_000;
/** Number of remembered keys and of remembered addresses; the oldest are forgotten first. */
const MOST_REMEMBERED = 20_000;

type Find<Found> = (token: string) => Promise<Found | null>;

interface Address {
  guesses: number;
  windowEndsAt: number;
  waiting: number;
  last: Promise<unknown>;
}

/**
 * Looks up keys, or other secrets, and keeps guesses from loading the database. A key refused recently is refused again without
 * a lookup. An address that sent many unknown keys is refused further new ones. A key that was valid before
 * is always looked up, whatever else its address sends. New keys of one address are looked up one after
 * another, so that concurrent guesses are counted.
 */
export function limitGuesses<Found>(find: Find<Found>): (token: string, ip: string) => Promise<Found | null> {
  const good = new Map<string, true>();
  const refused = new Map<string, number>();
  const addresses = new Map<string, Address>();

  async function look(token: string, digest: string): Promise<Found | null> {
    const found = await find(token);
    if (found === null) {
      good.delete(digest);
      remember(refused, digest, performance.now() + REFUSED_FOR_MS);
    } else remember(good, digest, true);
    return found;
  }

  async function lookInTurn(token: string, digest: string, address: Address): Promise<Found | null> {
    if ((refused.get(digest) ?? 0) > performance.now()) return null;
    if (address.guesses >= MOST_GUESSES && performance.now() < address.windowEndsAt) throw tooMany();
    const found = await look(token, digest);
    if (found !== null) return found;
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

/** The /64 network of an IPv6 address, because one client has 2^64 addresses; an IPv4 address itself. */
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
    'This address has sent too many unknown keys: try again in a minute with a valid key.',
  );
}
