import { getClient, startWorkflow, WorkflowRunOperationHandler } from '@temporalio/nexus';
import type { OperationHandler } from 'nexus-rpc';
import { prepareSync, signalSync } from '../../client/prepare-sync.ts';
import type { SyncInput } from '../../contracts/sync.ts';
import type { SyncResult } from '../../contracts/sync-result.ts';
import type { Database } from '../../prisma/client.ts';
import { type NexusSyncInput, nexusSyncSchema, parseNexusInput } from '../../services/nexus/inputs.ts';

type Sync = (input: SyncInput) => Promise<SyncResult>;

/**
 * Requests the sync first, so that a running one pulls once more, and then joins the run. A run that has ended in
 * between is followed by another one. The sync serves other callers as well, so a cancelled operation leaves it
 * alone.
 */
export function syncWorkspaceOperation(database: Database): OperationHandler<NexusSyncInput, SyncResult> {
  const run = new WorkflowRunOperationHandler<NexusSyncInput, SyncResult>(async (context, untrusted) => {
    const request = parseNexusInput(nexusSyncSchema, untrusted);
    const sync = await prepareSync(database, { ...request, source: 'api' });
    await signalSync(getClient(), sync);
    return startWorkflow<Sync>(context, sync.type, {
      ...sync.options,
      workflowIdConflictPolicy: 'USE_EXISTING',
    });
  });
  return { start: (context, input) => run.start(context, input), cancel: async () => undefined };
}
