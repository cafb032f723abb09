import { FAN_OUT_SHAPE, type PartitionSlice, type WorkspacePartition } from '../contracts/fan-out.ts';

/** The workspaces of one partition, and their number, which is at least one. */
export interface CountedSlice {
  slice: PartitionSlice;
  workspaces: number;
  /** ID of one of them. */
  sample: string;
}

/** Slices for ranges that the database has cut. */
export function slicesOfRanges(partitions: readonly WorkspacePartition[]): CountedSlice[] {
  return partitions.map(({ workspaces = 0, startAfter, after, upTo }) => ({
    slice:
      startAfter === undefined
        ? { range: { after, upTo } }
        : { range: { after: startAfter, upTo }, afterwards: { after, upTo: startAfter } },
    workspaces,
    sample: upTo ?? '',
  }));
}

/** Slices for a list of workspace IDs, without duplicates. */
export function slicesOfList(workspaceIds: readonly string[]): CountedSlice[] {
  return cutList([...new Set(workspaceIds)]).map((ids) => ({
    slice: { workspaceIds: ids },
    workspaces: ids.length,
    sample: ids[0] ?? '',
  }));
}

/** Cuts a list of workspaces by the same shape as the database cuts ranges. */
function cutList(workspaceIds: readonly string[]): string[][] {
  const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;
  const size = Math.max(workspacesPerPartition, Math.ceil(workspaceIds.length / mostPartitions));
  return Array.from({ length: Math.ceil(workspaceIds.length / size) }, (_, index) =>
    workspaceIds.slice(index * size, (index + 1) * size),
  );
}
