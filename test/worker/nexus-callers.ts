import { ApplicationFailure, NexusOperationFailure } from '@temporalio/common';
import { createNexusServiceClient } from '@temporalio/workflow';
import { HandlerError } from 'nexus-rpc';
import { almanacService } from '../../services/nexus/almanac-service.ts';

export { bookFirstSlot } from '../../examples/call-by-nexus/workflows.ts';

interface Call {
  endpoint: string;
  operation: string;
  input: unknown;
}

/** Calls one operation, and fails with the type and the message of its error. */
export async function call({ endpoint, operation, input }: Call): Promise<unknown> {
  const almanac = createNexusServiceClient({ endpoint, service: almanacService });
  try {
    return await almanac.executeOperation(operation as 'syncWorkspace', input as { workspaceId: string }, {
      scheduleToCloseTimeout: '30 seconds',
    });
  } catch (error) {
    const cause = error instanceof NexusOperationFailure ? error.cause : undefined;
    if (cause instanceof HandlerError) throw ApplicationFailure.nonRetryable(cause.message, cause.type);
    throw cause?.cause instanceof ApplicationFailure ? cause.cause : error;
  }
}

/** Calls an operation several times at once. */
export async function callAll({ times, ...input }: Call & { times: number }): Promise<unknown[]> {
  return Promise.all(Array.from({ length: times }, () => call(input)));
}
