import { patched } from '@temporalio/workflow';
import { FAN_OUT_SHAPE } from '../contracts/fan-out.ts';

/** Fan-outs from before lists were cut have to replay with one partition. */
const LISTS_ARE_CUT = 'lists-are-cut';

/** Cuts a list of workspaces into partitions, as the database cuts ranges of them. */
export function cutList(workspaceIds: readonly string[]): string[][] {
  const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;
  if (workspaceIds.length <= workspacesPerPartition || !patched(LISTS_ARE_CUT)) return [[...workspaceIds]];
  const size = Math.max(workspacesPerPartition, Math.ceil(workspaceIds.length / mostPartitions));
  return Array.from({ length: Math.ceil(workspaceIds.length / size) }, (_, index) =>
    workspaceIds.slice(index * size, (index + 1) * size),
  );
}
