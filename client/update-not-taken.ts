import {
  isGrpcServiceError,
  ServiceError,
  WorkflowNotFoundError,
  WorkflowUpdateRPCTimeoutOrCancelledError,
} from '@temporalio/client';

/**
 * gRPC status codes with which the server does not take the update: RESOURCE_EXHAUSTED and
 * FAILED_PRECONDITION at the limits of updates per run, NOT_FOUND and ABORTED when the run is ending,
 * PERMISSION_DENIED and UNIMPLEMENTED where Update-with-Start is switched off or not known.
 */
const NOT_TAKEN = [5, 7, 8, 9, 10, 12];

/**
 * Whether an Update-with-Start has failed because the server or the run took no update, or no worker accepted it
 * in time. The request can then be made in another way.
 */
export function isNotTaken(error: unknown): boolean {
  if (error instanceof WorkflowUpdateRPCTimeoutOrCancelledError) return true;
  if (error instanceof WorkflowNotFoundError) return true;
  // The SDK wraps an error of the call, but not one of the update in it.
  const cause = error instanceof ServiceError ? error.cause : error;
  return isGrpcServiceError(cause) && NOT_TAKEN.includes(cause.code);
}
