import { ApplicationFailure, WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { HandlerError, type HandlerErrorType, OperationError } from 'nexus-rpc';
import { DomainError, ErrorCode } from '../../services/errors.ts';

/** Types that no server sends again by itself. */
const TYPES: Partial<Record<ErrorCode, HandlerErrorType>> = {
  [ErrorCode.invalidInput]: 'BAD_REQUEST',
  [ErrorCode.requiredInput]: 'BAD_REQUEST',
  [ErrorCode.notFound]: 'NOT_FOUND',
  [ErrorCode.workspaceNotFound]: 'NOT_FOUND',
  [ErrorCode.forbidden]: 'UNAUTHORIZED',
};

/**
 * The error that a caller's workflow gets. Errors of the request are not retried: after five in a row the server
 * would hold back all requests of the caller's namespace (https://docs.temporal.io/nexus/operations#circuit-breaking).
 * The message of a foreign error may quote a row, so it stays
 * here, and the server tries again.
 */
export function toNexusError(error: unknown): Error {
  if (error instanceof HandlerError) return error;
  if (error instanceof DomainError) {
    const type = TYPES[error.code];
    return type === undefined ? failed(error.code, error.message) : new HandlerError(type, error.message);
  }
  if (error instanceof WorkflowExecutionAlreadyStartedError)
    return failed(ErrorCode.busy, 'Another run of the workspace is in progress: try again later.');
  return new HandlerError('INTERNAL', 'Almanac could not answer. The request is tried again.');
}

/** A well-formed request that cannot be served as things are. */
function failed(code: ErrorCode, message: string): OperationError {
  return new OperationError('failed', message, { cause: ApplicationFailure.nonRetryable(message, code) });
}
