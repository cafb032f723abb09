import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { RateLimitedError } from '../services/errors.ts';
import { type GiveBack, Shares } from './shares.ts';

/** Each holds a page of up to `MOST_PAGE_BYTES`, and copies of it, in memory until it is sent. */
const MOST_AT_ONCE = { total: 8, perWorkspace: 2, perAdminKey: 4 };
/** Requests that may wait. Each takes almost no memory, and a burst of small reads must fit. */
const MOST_WAITING = { total: 2_000, perWorkspace: 200, perAdminKey: 1_000 };
const LONGEST_WAIT_MS = 10_000;
/** Half a megabit per second for four megabytes. A slower client is disconnected. */
const LONGEST_SENDING_MS = 60_000;

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Whether an answer can be as large as the largest page. */
    isBigRead?: boolean;
  }
  interface FastifyRequest {
    /**
     * Waits for a place among the big reads. Give it back when the answer is sent, or known to be small.
     * @throws RateLimitedError if none becomes free in time, or the tenant has too many waiting requests
     */
    takeBigRead(): Promise<GiveBack>;
  }
}

interface Waiting {
  request: FastifyRequest;
  start: (giveBack: GiveBack) => void;
}

/** Bounds the memory of large answers: a few at a time, fewer per tenant; other requests wait. */
export function limitBigReads(app: FastifyInstance): void {
  const running = new Shares(MOST_AT_ONCE);
  const queued = new Shares(MOST_WAITING);
  const waiting = new Set<Waiting>();

  /** Starts the first waiting request whose tenant has not used up its share. */
  function startNext(): void {
    for (const one of waiting) {
      const place = take(one.request);
      if (place === null) continue;
      one.start(place);
    }
  }

  function take(request: FastifyRequest): GiveBack | null {
    const giveBack = running.take(request);
    if (giveBack === null) return null;
    return () => {
      giveBack();
      startNext();
    };
  }

  app.decorateRequest('takeBigRead', async function takeBigRead(this: FastifyRequest) {
    const free = take(this);
    if (free !== null) return free;
    const leaveQueue = queued.take(this);
    if (leaveQueue === null) throw tooMany();
    try {
      return await new Promise<GiveBack>((resolve, reject) => {
        const { socket } = this.raw;
        const end = () => {
          waiting.delete(one);
          clearTimeout(alarm);
          socket.off('close', giveUp);
        };
        const giveUp = () => {
          end();
          reject(tooMany());
        };
        const one: Waiting = {
          request: this,
          start(place) {
            end();
            resolve(place);
          },
        };
        const alarm = setTimeout(giveUp, LONGEST_WAIT_MS);
        socket.once('close', giveUp);
        waiting.add(one);
      });
    } finally {
      leaveQueue();
    }
  });

  app.addHook('preHandler', async (request, reply) => {
    if (request.routeOptions.config.isBigRead !== true) return;
    holdUntilSent(reply, await request.takeBigRead());
  });
}

/** Keeps a place until the answer is sent or the client has disconnected. */
export function holdUntilSent(reply: FastifyReply, giveBack: GiveBack): void {
  const { raw } = reply;
  if (raw.destroyed) return giveBack();
  const cutOff = setTimeout(() => raw.destroy(), LONGEST_SENDING_MS);
  raw.once('close', () => {
    clearTimeout(cutOff);
    giveBack();
  });
}

function tooMany(): RateLimitedError {
  return new RateLimitedError(
    'Too many large reads are in progress: try again after Retry-After, or read smaller pages.',
  );
}
