import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { type FailureType, FailureType as Failure } from '../contracts/failure-types.ts';
import { RemedyAction } from '../contracts/remedies.ts';
import { NON_RETRYABLE_FAILURES } from '../contracts/retry-table.ts';
import { databaseFailureKind, isDatabaseOutage } from '../prisma/failure-kind.ts';
import { DomainError, ErrorCode } from './errors.ts';

interface FailureOptions {
  /** Milliseconds until the next attempt, where the cause names them. Default: the retry policy decides. */
  retryAfterMs?: number;
  /** Default: what the retry table says. */
  nonRetryable?: boolean;
  /** For the workflow that catches it: IDs, counts and fingerprints only, for the history holds them. */
  details?: object;
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
    ...(options.details === undefined ? {} : { details: [options.details] }),
  });
}

/** Errors of services that a workflow gives up on. All others are unexpected in an activity. */
const TYPES: Partial<Record<ErrorCode, FailureType>> = {
  [ErrorCode.invalidInput]: Failure.invalidInput,
  [ErrorCode.notFound]: Failure.invalidInput,
  [ErrorCode.workspaceNotFound]: Failure.workspaceNotFound,
};

/** Remedies as a history tells them. */
const WORDS: Partial<Record<RemedyAction, string>> = {
  [RemedyAction.connectAccount]: 'Connect an account.',
  [RemedyAction.findWorkspace]: 'Create it first.',
};

const isIdentifier = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(text);

/**
 * Turns whatever an activity threw into a failure that is safe to store: an error's own message may quote a row or
 * a token, so none but ours is kept.
 */
export function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const kind = databaseFailureKind(error);
  if (isDatabaseOutage(kind))
    return failure(Failure.databaseUnavailable, `Postgres is not available: ${kind}.`);
  if (kind === 'canceled') return failure(Failure.timedOut, 'Postgres has canceled a statement.');
  const type = error instanceof DomainError ? TYPES[error.code] : undefined;
  if (error instanceof DomainError && type !== undefined) {
    const words = error.remedy && WORDS[error.remedy.action];
    return failure(type, words === undefined ? error.message : `${error.message} ${words}`);
  }
  const { name, code } = (error ?? {}) as { name?: string; code?: unknown };
  const [safeName = 'error', safeCode] = [name, code].map((text) => (isIdentifier(text) ? text : undefined));
  const inBrackets = safeCode === undefined ? '' : ` (${safeCode})`;
  return failure(Failure.internal, `An unexpected ${safeName}${inBrackets} occurred.`);
}
