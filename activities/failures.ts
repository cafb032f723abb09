import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import {
  type FailureType,
  FailureType as Failure,
  NON_RETRYABLE_FAILURES,
} from '../contracts/failure-types.ts';

export interface FailureOptions {
  /** Milliseconds until the next attempt, where the cause names them. Default: the retry policy decides. */
  retryAfterMs?: number;
  /** Default: what the table of failure types says. */
  nonRetryable?: boolean;
}

/** The one way an activity fails. The message goes into the workflow history: IDs, counts and reasons only. */
export function failure(
  type: FailureType,
  message: string,
  options: FailureOptions = {},
): ApplicationFailure {
  return ApplicationFailure.create({
    type,
    message,
    nonRetryable: options.nonRetryable ?? NON_RETRYABLE_FAILURES.includes(type),
    ...(options.retryAfterMs === undefined ? {} : { nextRetryDelay: options.retryAfterMs }),
  });
}

/** Prisma's codes and the driver's names for a server that is away, starting, full or gone in mid-statement. */
const DATABASE_AWAY = new Set(['P1001', 'P1002', 'P1008', 'P1017', 'P2024', 'P2028', 'P2034', 'P2037']);
const DATABASE_AWAY_MESSAGE =
  /ECONNREFUSED|ECONNRESET|terminat|too many clients|starting up|shutting down|recovery|DatabaseNotReachable|SocketTimeout|ConnectionClosed|connection|timeout|deadlock|serialize/i;

const isIdentifier = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(text);

/**
 * Turns whatever an activity threw into a failure that is safe to store: an error's own message may quote a row or
 * a token, so none but ours is kept.
 */
export function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const { name, code, message } = (error ?? {}) as { name?: string; code?: unknown; message?: string };
  const fromDatabase = name?.startsWith('PrismaClient') || name === 'DriverAdapterError';
  if (fromDatabase && (DATABASE_AWAY.has(String(code)) || DATABASE_AWAY_MESSAGE.test(message ?? ''))) {
    return failure(Failure.databaseUnavailable, 'Postgres did not answer.');
  }
  const [safeName = 'error', safeCode] = [name, code].map((text) => (isIdentifier(text) ? text : undefined));
  const inBrackets = safeCode === undefined ? '' : ` (${safeCode})`;
  return failure(Failure.internal, `An unexpected ${safeName}${inBrackets} occurred.`);
}
