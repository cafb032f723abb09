import { FAN_OUT_SHAPE, type PartitionSlice, type WorkspacePartition } from '../contracts/fan-out.ts';

/** What a partition of a fan-out is for, and how many workspaces that is: one or more. */
export interface CountedSlice {
  slice: PartitionSlice;
  workspaces: number;
  /** ID of one of them. */
  sample: string;
}

/** Slices of the ranges that the database has cut. */
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

/** Slices of a list of workspaces, each of which counts once. */
export function slicesOfList(workspaceIds: readonly string[]): CountedSlice[] {
  return cutList([...new Set(workspaceIds)]).map((ids) => ({
    slice: { workspaceIds: ids },
    workspaces: ids.length,
    sample: ids[0] ?? '',
  }));
}

/** Cuts a list of workspaces into partitions, as the database cuts ranges of them. */
function cutList(workspaceIds: readonly string[]): string[][] {
  const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;
  const size = Math.max(workspacesPerPartition, Math.ceil(workspaceIds.length / mostPartitions));
  return Array.from({ length: Math.ceil(workspaceIds.length / size) }, (_, index) =>
    workspaceIds.slice(index * size, (index + 1) * size),
  );
}
