import type { BeginDeletionResult, DeleteWorkspaceInput } from '../contracts/tenancy.ts';
import { beginDeletion } from '../services/tenancy/begin-deletion.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Closes a workspace to callers, and returns what has to be ended. Idempotent. */
export function createBeginDeletion({ database }: ActivityDependencies) {
  return async (input: DeleteWorkspaceInput): Promise<BeginDeletionResult> => beginDeletion(database, input);
}
