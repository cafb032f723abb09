import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../prisma/client.ts';
import { BusyError, InvalidInputError, ReusedKeyError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** How long an answer is given again. */
const KEPT_MS = 24 * 3_600_000;
/** A write whose lock has run out died with its process: as long as it goes on, its lock is renewed. */
const LOCKED_MS = 120_000;
const RENEWED_EVERY_MS = 30_000;
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Of the stored answer; the rest is made anew. */
const KEPT_HEADERS = ['content-type', 'location', 'etag'] as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** The write that this request has claimed; its answer is stored when it is known. */
    claim: Claim | null;
  }
}

interface Claim {
  caller: string;
  key: string;
  /** Tells this attempt from one that takes the key after it. */
  claim: string;
  /** Ends the renewal of the lock. */
  stopRenewing: () => void;
}

interface StoredAnswer {
  route: string;
  requestHash: Uint8Array;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
}

/** Answers with a URL that connects an account for whoever opens it first. */
const BEGINS_CONNECTION = /\/accounts\/connect$/;

/**
 * Whether a route heeds an Idempotency-Key. What `/codec` answers is legible nowhere else, and what begins a connection
 * answers with a secret: neither is stored.
 */
export function isIdempotent(method: string, route: string): boolean {
  const isWrite = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method.toUpperCase());
  return isWrite && route.startsWith('/api/') && !BEGINS_CONNECTION.test(route);
}

/**
 * Does a write under an Idempotency-Key once: repeated, it is answered as it was the first time. Keys are each
 * caller's own. A failure of ours, and a refusal because something else is under way, are not kept, so that the next
 * attempt does the work.
 */
export function answerOnce(app: FastifyInstance, { database, now }: ApiDependencies): void {
  app.decorateRequest('claim', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers[IDEMPOTENCY_HEADER];
    // Not by the URL, which may name a host in front of its path.
    const route = request.routeOptions.url ?? '';
    if (key === undefined || request.caller === null || !isIdempotent(request.method, route)) return;
    if (typeof key !== 'string' || !KEY.test(key)) {
      throw new InvalidInputError(
        'Idempotency-Key',
        'must be 1 to 255 printable ASCII characters without spaces',
      );
    }
    const names = { caller: request.caller.keyId, key };
    const wanted = { route: routeOf(request), requestHash: hashOf(request), claim: randomUUID() };
    if (await tryClaim(database, names, wanted, await now())) {
      const claim = { ...names, claim: wanted.claim };
      request.claim = { ...claim, stopRenewing: renew(database, claim) };
      return;
    }
    const stored = await database.idempotencyKey.findUnique({ where: { caller_key: names } });
    return answerAgain(reply, stored as StoredAnswer | null, wanted);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const { claim } = request;
    if (claim === null) return;
    request.claim = null;
    claim.stopRenewing();
    // The work is done: failing now would have it done twice. Until the claim runs out, repetitions answer 409.
    await keep(database, claim, reply, payload).catch(({ name: errorName }: Error) =>
      request.log.warn({ errorName }, 'An answer could not be kept for its Idempotency-Key'),
    );
  });
}

/** Locks the key for as long as the write takes: a repetition does not run beside it. */
function renew(
  database: Database,
  { caller, key, claim }: { caller: string; key: string; claim: string },
): () => void {
  const timer = setInterval(() => {
    // A database that is away for a moment is asked again before the lock runs out.
    database.$executeRaw`
      update idempotency_keys set locked_until = now() + ${LOCKED_MS}::float8 * interval '1 millisecond'
      where caller = ${caller} and key = ${key} and claim = ${claim}::uuid`.catch(() => undefined);
  }, RENEWED_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Nothing is kept where another attempt has taken the key meanwhile. */
async function keep(
  database: Database,
  { caller, key, claim }: Claim,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const where = { caller, key, claim };
  const isText = payload === undefined || payload === null || typeof payload === 'string';
  // Where nothing was done and the answer says to try again, that is under the same key, too.
  if (reply.statusCode >= 500 || reply.hasHeader('retry-after') || !isText) {
    await database.idempotencyKey.deleteMany({ where });
    return;
  }
  const headers = KEPT_HEADERS.map((name) => [name, reply.getHeader(name)]).filter(([, value]) => value);
  await database.idempotencyKey.updateMany({
    where,
    data: { status: reply.statusCode, headers: Object.fromEntries(headers), body: payload ?? null },
  });
}

function routeOf({ method, routeOptions }: FastifyRequest): string {
  return `${method} ${routeOptions.url}`;
}

/** Of everything that tells one request from another. */
function hashOf({ method, url, body }: FastifyRequest): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify([method, url, body ?? null]);
  return new Uint8Array(createHash('sha256').update(text).digest());
}

/** Takes a key that is new, that has outlived its answer, or whose write was lost with its process. */
async function tryClaim(
  database: Database,
  { caller, key }: Pick<Claim, 'caller' | 'key'>,
  { route, requestHash, claim }: { route: string; requestHash: Uint8Array<ArrayBuffer>; claim: string },
  at: Date,
): Promise<boolean> {
  const lockedUntil = new Date(at.getTime() + LOCKED_MS);
  const outlived = new Date(at.getTime() - KEPT_MS);
  const claimed = await database.$executeRaw`
    insert into idempotency_keys as k (caller, key, route, request_hash, claim, locked_until, created_at)
    values (${caller}, ${key}, ${route}, ${requestHash}, ${claim}::uuid, ${lockedUntil}, ${at})
    on conflict (caller, key) do update set route = excluded.route, request_hash = excluded.request_hash,
      claim = excluded.claim, locked_until = excluded.locked_until, created_at = excluded.created_at, status = null, headers = null, body = null
    where k.created_at <= ${outlived}
      or (k.status is null and k.locked_until <= ${at} and k.route = excluded.route and k.request_hash = excluded.request_hash)`;
  return claimed === 1;
}

function answerAgain(
  reply: FastifyReply,
  stored: StoredAnswer | null,
  wanted: { route: string; requestHash: Uint8Array },
): FastifyReply {
  // Its write has just failed, and the key is free again.
  if (stored === null)
    throw new BusyError('Another request under this Idempotency-Key has just ended: try again.');
  if (stored.route !== wanted.route || Buffer.compare(stored.requestHash, wanted.requestHash) !== 0) {
    throw new ReusedKeyError('This Idempotency-Key has served for another request: take a new one.');
  }
  if (stored.status === null) {
    throw new BusyError('A request under this Idempotency-Key is still under way: try again.');
  }
  return reply
    .code(stored.status)
    .headers({ ...stored.headers, 'idempotent-replayed': 'true' })
    .serializer(String)
    .send(stored.body ?? undefined);
}
