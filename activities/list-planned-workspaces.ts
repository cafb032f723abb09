import type { WorkspaceRange } from '../contracts/fan-out.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { PLANNED_WORKSPACES } from '../services/planning/write-back/planned-workspaces.ts';

/** Lists a keyset page of the workspaces that have something to plan, in ID order. */
export function createListPlannedWorkspaces({ database }: ActivityDependencies) {
  return async function listPlannedWorkspaces({
    range,
    limit,
  }: {
    range: WorkspaceRange;
    limit: number;
  }): Promise<{ workspaceId: string }[]> {
    return database.$queryRaw<{ workspaceId: string }[]>`
      select workspace_id as "workspaceId" from (${PLANNED_WORKSPACES}) planned
      where (${range.after}::text is null or workspace_id > ${range.after}::text)
        and (${range.upTo}::text is null or workspace_id <= ${range.upTo}::text)
      order by workspace_id limit ${limit}::int`;
  };
}
