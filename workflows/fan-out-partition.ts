import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  getExternalWorkflowHandle,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { PartitionProgress, PartitionSlice, WorkspaceRange } from '../contracts/fan-out.ts';
import type { FanOutTotals } from '../contracts/fan-out-results.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { addSample, describeTotals } from './fan-out-totals.ts';
import { partitionProgress, partitionTotals } from './messages.ts';
import { Pool } from './pool.ts';

/** For partitions in older histories, whose input has no number. */
const DEFAULT_CHILDREN_AT_ONCE = 50;
const WORKSPACES_PER_PAGE = 200;
/** A child adds about six events: two pages keep a history below 3,000. */
const PAGES_PER_RUN = 2;

interface Partition<Workspace extends { workspaceId: string }, Totals extends FanOutTotals> {
  slice: PartitionSlice;
  childrenAtOnce: number | undefined;
  /** Children per report to the coordinator. Undefined: no reports. */
  reportEvery: number | undefined;
  /** Updated in place. */
  totals: Totals;
  list: (range: WorkspaceRange, limit: number) => Promise<Workspace[]>;
  /** Makes a workspace from an ID of the input, in place of `list`. */
  named: (workspaceId: string) => Workspace;
  /** Runs the workspace's child to its end and adds its result to the totals. */
  runChild: (workspace: Workspace) => Promise<void>;
  continueWith: (slice: PartitionSlice) => Promise<never>;
}

/**
 * One partition of a fan-out: pages of workspaces in ID order, each workspace a child, a bounded number at a
 * time. A failed child is counted and does not stop the others; one that is already running is skipped.
 */
export async function runPartition<Workspace extends { workspaceId: string }, Totals extends FanOutTotals>(
  partition: Partition<Workspace, Totals>,
): Promise<Totals> {
  const { totals } = partition;
  setHandler(partitionTotals, () => totals);
  const report = createReporter(totals, partition.reportEvery);
  const pool = new Pool(partition.childrenAtOnce ?? DEFAULT_CHILDREN_AT_ONCE);
  const run = async (workspace: Workspace) => {
    await runOne(partition, workspace);
    setCurrentDetails(describeTotals(totals));
    await report();
  };
  let slice: PartitionSlice | null = partition.slice;
  for (let page = 0; slice !== null; page += 1) {
    if (page === PAGES_PER_RUN || workflowInfo().continueAsNewSuggested) {
      await pool.drain();
      await partition.continueWith(slice);
    }
    const next: Page<Workspace> = await nextPage(partition, slice);
    for (const workspace of next.workspaces) await pool.start(() => run(workspace));
    slice = next.rest;
  }
  await pool.drain();
  return totals;
}

interface Page<Workspace> {
  workspaces: Workspace[];
  rest: PartitionSlice | null;
}

async function nextPage<Workspace extends { workspaceId: string }>(
  { list, named }: Pick<Partition<Workspace, FanOutTotals>, 'list' | 'named'>,
  slice: PartitionSlice,
): Promise<Page<Workspace>> {
  if ('workspaceIds' in slice) {
    const rest = slice.workspaceIds.slice(WORKSPACES_PER_PAGE);
    return {
      workspaces: slice.workspaceIds.slice(0, WORKSPACES_PER_PAGE).map((id) => named(id)),
      rest: rest.length === 0 ? null : { workspaceIds: rest },
    };
  }
  const workspaces = await list(slice.range, WORKSPACES_PER_PAGE);
  const last = workspaces.at(-1);
  const full = workspaces.length === WORKSPACES_PER_PAGE && last !== undefined;
  const { range, afterwards } = slice;
  if (full) return { workspaces, rest: { ...slice, range: { ...range, after: last.workspaceId } } };
  return { workspaces, rest: afterwards === undefined ? null : { range: afterwards } };
}

async function runOne<Workspace extends { workspaceId: string }, Totals extends FanOutTotals>(
  { runChild, totals }: Partition<Workspace, Totals>,
  workspace: Workspace,
): Promise<void> {
  try {
    await runChild(workspace);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof WorkflowExecutionAlreadyStartedError) {
      totals.skipped += 1;
    } else {
      totals.failed += 1;
      addSample(totals, workspace.workspaceId, failureTypeOf(error));
    }
  }
}

/** Reports the partition's progress to the coordinator after every `every` children. */
function createReporter(totals: FanOutTotals, every: number | undefined): () => Promise<void> {
  const { parent, workflowId } = workflowInfo();
  const endedChildren = () => totals.succeeded + totals.failed + totals.skipped;
  let reported = endedChildren();
  return async function report() {
    if (parent === undefined || every === undefined || endedChildren() - reported < every) return;
    reported = endedChildren();
    const progress: PartitionProgress = { workflowId, totals: { ...totals, sampleFailures: [] } };
    try {
      await getExternalWorkflowHandle(parent.workflowId).signal(partitionProgress, progress);
    } catch (error) {
      // The coordinator has ended, so no report is needed; the children still have to finish.
      if (isCancellation(error)) throw error;
    }
  };
}
