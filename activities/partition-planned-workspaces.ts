import { FAN_OUT_SHAPE, type WorkspacePartition } from '../contracts/fan-out.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { PLANNED_WORKSPACES } from '../services/planning/write-back/planned-workspaces.ts';

const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;

/** Cuts the workspaces that have something to plan into ranges of about equal size, in ID order. */
export function createPartitionPlannedWorkspaces({ database }: ActivityDependencies) {
  return async function partitionPlannedWorkspaces(_input: object): Promise<WorkspacePartition[]> {
    const rows = await database.$queryRaw<{ upTo: string; workspaces: number }[]>`
      with planned as (${PLANNED_WORKSPACES}), cut as (
        select workspace_id, ntile(greatest(1, least(${mostPartitions}::int,
          ceil((select count(*) from planned) / ${workspacesPerPartition}::numeric)::int))) over (order by workspace_id) as tile
        from planned
      )
      select max(workspace_id) as "upTo", count(*)::int as workspaces from cut group by tile order by 1`;
    return rows.map((row, index) => ({ after: rows[index - 1]?.upTo ?? null, ...row }));
  };
}
