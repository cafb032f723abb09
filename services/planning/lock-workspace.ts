import type { Database, Transaction } from '../../prisma/client.ts';
import { requireWorkspace } from '../workspaces.ts';

/**
 * Runs `change` with exclusive access to a workspace's tasks and habits. A check across rows, such as that no
 * task waits for itself, still holds at the commit.
 */
export async function lockWorkspace<T>(
  database: Database,
  workspaceId: string,
  change: (transaction: Transaction, workspace: { id: string; timeZone: string }) => Promise<T>,
): Promise<T> {
  return database.$transaction(async (transaction) => {
    const workspace = await requireWorkspace(transaction, workspaceId);
    await transaction.$queryRaw`select from workspaces where id = ${workspace.id} for no key update`;
    return change(transaction, workspace);
  });
}
