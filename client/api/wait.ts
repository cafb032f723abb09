import { WorkflowNotFoundError } from '@temporalio/client';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { NotFoundError } from '../errors.ts';
import type { ApiDependencies } from './dependencies.ts';
import { wholeNumber } from './schemas.ts';

/** Below the minute after which proxies give up. */
const MOST_SECONDS = 55;

/** A query parameter for how long a request waits for a result. */
export const waitQuery = z.object({
  wait: wholeNumber(0, MOST_SECONDS, 0, 'seconds').describe(
    `Seconds to wait for the result, at most ${MOST_SECONDS}; without, or when they are over: 202`,
  ),
});

/**
 * Waits for a run as long as the caller wants, and is there. Null: it has not ended by then.
 * @throws NotFoundError when there is no such run.
 */
export async function waitAtMost<T>(
  { temporal }: ApiDependencies,
  reply: FastifyReply,
  seconds: number,
  work: () => Promise<T>,
): Promise<T | null> {
  if (seconds === 0) return null;
  const gone = new AbortController();
  const leave = () => gone.abort();
  // Not AbortSignal.timeout: joined with another, Node 20 may collect it before it fires.
  const alarm = setTimeout(leave, seconds * 1_000);
  reply.raw.once('close', leave);
  try {
    return await temporal.withAbortSignal(gone.signal, work);
  } catch (error) {
    if (gone.signal.aborted) return null;
    if (error instanceof WorkflowNotFoundError) throw new NotFoundError('There is no such run.');
    throw error;
  } finally {
    clearTimeout(alarm);
    reply.raw.off('close', leave);
  }
}
