import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { NotFoundError } from '../services/errors.ts';
import type { ApiDependencies } from './dependencies.ts';
import { wholeNumber } from './schemas.ts';
import { Shares } from './shares.ts';

/** Less than the minute after which many proxies time out. */
const MOST_SECONDS = 55;

/** A query parameter for the time that a request waits for a result. */
export const waitUpTo = (seconds: number) =>
  z.object({
    wait: wholeNumber(0, MOST_SECONDS, seconds, 'seconds').describe(
      `Seconds to wait for the result, at most ${MOST_SECONDS}. Default ${seconds}. Without a result by then, the status is 202.`,
    ),
  });
export const waitQuery = waitUpTo(0);

/** Wait for a run that was started before. A wait of less than a second cannot tell whether it has ended. */
export const waitForKnown = (seconds: number) => Math.max(1, seconds);

/** Each wait is a Temporal long poll; a namespace allows 1,200 by default, for all clients together. */
const MOST_WAITING = { total: 400, perWorkspace: 20, perAdminKey: 200 };

/**
 * Margin of the call's deadline after the wait. It ends a call that the SDK is retrying when the time is up,
 * which no signal does. An earlier deadline would make the server answer the long poll early, and the SDK
 * repeat it at once.
 */
const DEADLINE_LATER_MS = 5_000;

declare module 'fastify' {
  interface FastifyInstance {
    /** Places of requests that wait for runs. */
    runWaits: Shares;
  }
}

/** All routes that wait share the same places. */
export function countWaits(app: FastifyInstance): void {
  app.decorate('runWaits', new Shares(MOST_WAITING));
}

/**
 * Waits for a run for the requested time, while the client is connected. Null if the run has not ended by
 * then, or too many requests of the tenant are already waiting.
 *
 * Has its own timer, so that the caller is answered whatever the SDK's calls do.
 * @throws NotFoundError if there is no such run
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
  // Not AbortSignal.timeout: Node 20 may garbage-collect one that is combined with another before it fires.
  const alarm = setTimeout(end, seconds * 1_000);
  reply.raw.once('close', end);
  const ended = new Promise<null>((resolve) =>
    gone.signal.addEventListener('abort', () => resolve(null), { once: true }),
  );
  // The place becomes free when the poll has ended, not when the client has disconnected.
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
    // Aborts the call that is still running; its outcome is ignored.
    end();
    working.catch(() => undefined);
  }
}

/**
 * A signal that also fires for listeners added after it was aborted. The SDK adds a listener per call and
 * does not check for an earlier abort, so the next poll of the same wait would never end.
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
