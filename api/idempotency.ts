import { createHash, randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Database } from '../prisma/client.ts';
import { derivedId } from '../services/derived-id.ts';
import { BusyError, InvalidInputError, ReusedKeyError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';

export const IDEMPOTENCY_HEADER = 'idempotency-key';

/** Time for which an answer is stored and repeated. */
const KEPT_MS = 24 * 3_600_000;
/** A running write renews its lock, so an expired lock means that its process died. */
const LOCKED_MS = 120_000;
const RENEWED_EVERY_MS = 30_000;
const KEY = /^[\x21-\x7e]{1,255}$/;
/** Headers of the stored answer; the others are computed anew. */
const KEPT_HEADERS = ['content-type', 'location', 'etag'] as const;

declare module 'fastify' {
  interface FastifyRequest {
    /** The write that this request has claimed, whose answer it stores. */
    claim: Claim | null;
  }
}

interface Claim {
  caller: string;
  key: string;
  /** Distinguishes this attempt from a later one under the same key. */
  claim: string;
  /** Stops renewing the lock. */
  stopRenewing: () => void;
}

interface StoredAnswer {
  route: string;
  requestHash: Uint8Array;
  status: number | null;
  headers: Record<string, string> | null;
  body: string | null;
}

/** Routes whose answers are secrets: sign-ins, sessions, keys, feeds, embed links, notifiers and webhooks. */
const ANSWERS_SECRET =
  /\/(?:accounts\/connect|session|sign-in-tokens|keys|feeds|embed-links|notifiers|webhooks|rotate-secret)$/;

/** A question whose parameters are a body. It changes nothing, and an old answer would be wrong. */
const ASKS = /\/availability$/;

/**
 * Whether a route supports an Idempotency-Key. Answers of `/codec` are decrypted payloads, those of
 * `/connect`, `/keys`, `/feeds`, `/notifiers` and `/webhooks` are secrets, so none of them may be stored.
 */
export function isIdempotent(method: string, route: string): boolean {
  const isWrite = ['POST', 'PUT', 'PATCH', 'DELETE'].includes(method.toUpperCase());
  return isWrite && route.startsWith('/api/') && !ANSWERS_SECRET.test(route) && !ASKS.test(route);
}

/**
 * Performs a write under an Idempotency-Key once and repeats its answer. Each caller has its own keys. Server
 * errors and refusals because other work is in progress are not stored, so that the next attempt does the
 * work.
 */
export function answerOnce(app: FastifyInstance, { database, now }: ApiDependencies): void {
  app.decorateRequest('claim', null);

  app.addHook('preHandler', async (request, reply) => {
    const key = request.headers[IDEMPOTENCY_HEADER];
    // Not the URL, which may have a host before its path.
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
    // The work is done, and an error would make the client repeat it. Until the claim expires, repetitions
    // get a 409.
    await keep(database, claim, reply, payload).catch(({ name: errorName }: Error) =>
      request.log.warn({ errorName }, 'The answer for an Idempotency-Key could not be stored'),
    );
  });
}

/**
 * ID of a request under an Idempotency-Key, so that Temporal, too, does the work of a repeated request once:
 * after a server error the key is free, and the work may have been done. A hash, because callers choose their
 * keys.
 */
export function updateIdOf(request: FastifyRequest): string | undefined {
  if (request.claim === null) return undefined;
  const { caller, key } = request.claim;
  return derivedId(caller, key, Buffer.from(hashOf(request)).toString('hex'));
}

/** Keeps the key locked during the write, so that a repetition does not run at the same time. */
function renew(
  database: Database,
  { caller, key, claim }: { caller: string; key: string; claim: string },
): () => void {
  const timer = setInterval(() => {
    // After a short outage of the database, the next renewal comes before the lock expires.
    database.$executeRaw`
      update idempotency_keys set locked_until = now() + ${LOCKED_MS}::float8 * interval '1 millisecond'
      where caller = ${caller} and key = ${key} and claim = ${claim}::uuid`.catch(() => undefined);
  }, RENEWED_EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Stores the answer, unless another attempt has taken the key. */
async function keep(
  database: Database,
  { caller, key, claim }: Claim,
  reply: FastifyReply,
  payload: unknown,
): Promise<void> {
  const where = { caller, key, claim };
  const isText = payload === undefined || payload === null || typeof payload === 'string';
  // The answer asks for a retry and nothing was done, so the same key must be usable again.
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

/** Hash of everything that distinguishes two requests. */
function hashOf({ method, url, body }: FastifyRequest): Uint8Array<ArrayBuffer> {
  const text = JSON.stringify([method, url, body ?? null]);
  return new Uint8Array(createHash('sha256').update(text).digest());
}

/** Claims a key that is new, whose answer has expired, or whose process died during the write. */
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
  // The write failed in between, and the key is free again.
  if (stored === null)
    throw new BusyError('Another request with this Idempotency-Key has just ended: try again.');
  if (stored.route !== wanted.route || Buffer.compare(stored.requestHash, wanted.requestHash) !== 0) {
    throw new ReusedKeyError('This Idempotency-Key was used for another request: use a new one.');
  }
  if (stored.status === null) {
    throw new BusyError('A request with this Idempotency-Key is still in progress: try again.');
  }
  return reply
    .code(stored.status)
    .headers({ ...stored.headers, 'idempotent-replayed': 'true' })
    .serializer(String)
    .send(stored.body ?? undefined);
}
