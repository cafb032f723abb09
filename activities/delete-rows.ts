import { cancellationSignal } from '@temporalio/activity';
import type { DeleteRowsResult, DeletionStepInput } from '../contracts/tenancy.ts';
import { deleteRows } from '../services/tenancy/delete-rows.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Deletes the next rows of a workspace, and at last the workspace. A retry resumes where it ended. */
export function createDeleteRows({ database }: ActivityDependencies) {
  return async ({ workspaceId }: DeletionStepInput): Promise<DeleteRowsResult> =>
    deleteRows(database, workspaceId, cancellationSignal());
}
