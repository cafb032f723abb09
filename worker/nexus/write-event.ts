import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import { HandlerStartOperationResult, type OperationHandler } from 'nexus-rpc';
import { optionsOfWrites } from '../../client/event-writes.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { WriteCounts, WriteEventInput } from '../../contracts/writing.ts';
import type { Database } from '../../prisma/client.ts';
import { derivedId } from '../../services/derived-id.ts';
import { type NexusWriteInput, nexusWriteSchema, parseNexusInput } from '../../services/nexus/inputs.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { readWrites } from '../../services/writing/read-writes.ts';

type WriteEvent = (batch: WriteEventInput) => Promise<WriteCounts>;

/**
 * Stores the write, and has a run make it: the run's history has its ID only. A write that was finished before
 * answers at once. A write that has begun is finished, so a cancelled operation leaves it alone.
 */
export function writeEventOperation(database: Database): OperationHandler<NexusWriteInput, WriteCounts> {
  const run = new WorkflowRunOperationHandler<NexusWriteInput, WriteCounts>(async (context, untrusted) => {
    const { workspaceId, requestId, correlationId, write } = parseNexusInput(nexusWriteSchema, untrusted);
    const options = { requestId, correlationId };
    const batchId = await beginWrites(database, workspaceId, [write], options);
    const batch = { workspaceId, batchId, ...(correlationId !== undefined && { correlationId }) };
    return startWorkflow<WriteEvent>(context, WorkflowType.writeEvent, optionsOfWrites(batch));
  });
  return {
    async start(context, input) {
      try {
        return await run.start(context, input);
      } catch (error) {
        if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
        return HandlerStartOperationResult.sync(await countsOf(database, input));
      }
    },
    cancel: async () => undefined,
  };
}

async function countsOf(
  database: Database,
  { workspaceId, requestId }: NexusWriteInput,
): Promise<WriteCounts> {
  const writes = await readWrites(database, workspaceId, derivedId(workspaceId, requestId));
  const count = (status: string) => writes.filter((write) => write.status === status).length;
  return { total: writes.length, done: count('done'), refused: count('refused'), failed: count('failed') };
}
