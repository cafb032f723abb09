import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NotFoundError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';
import { wholeNumber } from './schemas.ts';
import { Shares } from './shares.ts';

/** Below the minute after which proxies give up. */
const MOST_SECONDS = 55;

/** A query parameter for how long a request waits for a result. */
export const waitQuery = z.object({
  wait: wholeNumber(0, MOST_SECONDS, 0, 'seconds').describe(
    `Seconds to wait for the result, at most ${MOST_SECONDS}; without, or when they are over: 202`,
  ),
});

/** Each is a long poll of Temporal's, of which a namespace has 1,200 by default, whoever asks. */
const MOST_WAITING = { total: 400, perWorkspace: 20, perAdminKey: 200 };

/**
 * For a call that is being repeated after a failure when the time is up: no signal stops it. Not sooner: a server that
 * sees the deadline of a long poll near answers at once, and is asked again at once.
 */
const DEADLINE_LATER_MS = 5_000;

declare module 'fastify' {
  interface FastifyInstance {
    /** Who waits for runs. */
    runWaits: Shares;
  }
}

/** Every route that waits takes its share of the same places. */
export function countWaits(app: FastifyInstance): void {
  app.decorate('runWaits', new Shares(MOST_WAITING));
}

/**
 * Waits for a run as long as the caller wants, and is there. Null: it has not ended by then, or too many requests of the
 * tenant are waiting already.
 *
 * The timer is ours: whatever becomes of the SDK's calls, the caller is answered.
 * @throws NotFoundError when there is no such run.
 */
export async function waitAtMost<T>(
  { temporal }: ApiDependencies,
  request: FastifyRequest,
  reply: FastifyReply,
  seconds: number,
  work: () => Promise<T>,
): Promise<T | null> {
  if (seconds === 0) return null;
  const leave = request.server.runWaits.take(request);
  if (leave === null) return null;
  const gone = new AbortController();
  const end = () => gone.abort();
  // Not AbortSignal.timeout: joined with another, Node 20 may collect it before it fires.
  const alarm = setTimeout(end, seconds * 1_000);
  reply.raw.once('close', end);
  const ended = new Promise<null>((resolve) =>
    gone.signal.addEventListener('abort', () => resolve(null), { once: true }),
  );
  // Its place is free when the poll has ended, not when its caller has gone.
  const working = temporal
    .withDeadline(Date.now() + seconds * 1_000 + DEADLINE_LATER_MS, () =>
      temporal.withAbortSignal(heardLate(gone.signal), work),
    )
    .finally(leave);
  try {
    return await Promise.race([working, ended]);
  } catch (error) {
    if (gone.signal.aborted) return null;
    if (error instanceof WorkflowNotFoundError) throw new NotFoundError('There is no such run.');
    throw error;
  } finally {
    clearTimeout(alarm);
    reply.raw.off('close', end);
    // Whatever is still under way is cut short; how it ends matters no more.
    end();
    working.catch(() => undefined);
  }
}

/**
 * A signal that also stops who listens only after it has come. The SDK adds a listener with each call, and stops none of
 * those that it makes later: the next poll of the same wait would go on for ever.
 */
function heardLate(signal: AbortSignal): AbortSignal {
  const listen = signal.addEventListener.bind(signal);
  signal.addEventListener = (type: string, listener: Parameters<typeof listen>[1]) => {
    if (typeof listener !== 'function') return;
    if (signal.aborted) queueMicrotask(() => listener(new Event(type)));
    else listen(type, listener, { once: true });
  };
  return signal;
}
