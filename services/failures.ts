import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import { type FailureType, FailureType as Failure } from '../contracts/failure-types.ts';
import { RemedyAction } from '../contracts/remedies.ts';
import { NON_RETRYABLE_FAILURES } from '../contracts/retry-table.ts';
import { databaseFailureKind, isDatabaseOutage } from '../prisma/failure-kind.ts';
import { DomainError, ErrorCode } from './errors.ts';

interface FailureOptions {
  /** Milliseconds until the next attempt, if the cause names a delay. Default: the retry policy decides. */
  retryAfterMs?: number;
  /** Default: the retry table decides. */
  nonRetryable?: boolean;
  /**
   * Details for the workflow that catches the failure. They are stored in the history: IDs, counts and
   * fingerprints only.
   */
  details?: object;
}

/**
 * Creates the failure with which an activity fails. The message is stored in the history: IDs, counts and
 * reasons only.
 */
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

/** Failure types of service errors that end a workflow. Every other error is unexpected in an activity. */
const TYPES: Partial<Record<ErrorCode, FailureType>> = {
  [ErrorCode.invalidInput]: Failure.invalidInput,
  [ErrorCode.notFound]: Failure.invalidInput,
  [ErrorCode.workspaceNotFound]: Failure.workspaceNotFound,
  [ErrorCode.workspacePaused]: Failure.workspacePaused,
};

/** Remedies as sentences for a history. */
const WORDS: Partial<Record<RemedyAction, string>> = {
  [RemedyAction.connectAccount]: 'Connect an account.',
  [RemedyAction.findWorkspace]: 'Create it first.',
  [RemedyAction.resumeWorkspace]: 'Resume it first.',
};

const isIdentifier = (text: unknown): text is string =>
  typeof text === 'string' && /^[A-Za-z0-9_]{1,40}$/.test(text);

/**
 * Converts any thrown error into a failure that is safe to store. The message of a foreign error may quote a
 * row or a token, so only messages of our own errors are kept.
 */
export function toFailure(error: unknown): Error {
  if (error instanceof ApplicationFailure || error instanceof CancelledFailure) return error;
  const kind = databaseFailureKind(error);
  if (isDatabaseOutage(kind))
    return failure(Failure.databaseUnavailable, `Postgres is not available: ${kind}.`);
  if (kind === 'canceled') return failure(Failure.timedOut, 'Postgres canceled a statement.');
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
