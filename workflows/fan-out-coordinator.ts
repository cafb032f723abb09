import {
  executeChild,
  isCancellation,
  ParentClosePolicy,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import { FAN_OUT_SHAPE, type FanOutProgress, type SyncPartitionInput } from '../contracts/fan-out.ts';
import type { FanOutTotals } from '../contracts/fan-out-results.ts';
import { summaryOf } from '../contracts/summaries.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { addSample, addTotals, describeTotals } from './fan-out-totals.ts';
import { checkPartitionProgress } from './input/fan-out.ts';
import { fanOutProgress, partitionProgress } from './messages.ts';
import { Pool } from './pool.ts';

/** The fields of the fan-out's shape that every partition gets. */
type PartitionShape = Required<Pick<SyncPartitionInput, 'childrenAtOnce' | 'reportEvery'>>;

interface PartitionStart<Input> {
  workflowId: string;
  input: Input;
  /** Number of workspaces in it. */
  workspaces: number;
  /** ID of one of its workspaces, by which its failure can be found. */
  sample: string;
}

/**
 * The upper half of a fan-out: runs partitions as child workflows and adds up their totals. A failed
 * partition does not stop the others. Partitions report while they run, so the query `progress` includes
 * them.
 */
export async function coordinate<Input, Totals extends FanOutTotals>(
  partitionWorkflow: (input: Input & PartitionShape) => Promise<Totals>,
  emptyTotals: () => Totals,
  partitions: () => Promise<readonly PartitionStart<Input>[]>,
): Promise<Totals> {
  const ended = emptyTotals();
  const running = new Map<string, FanOutTotals>();
  const counts = { workspaces: 0, partitions: 0, partitionsEnded: 0 };
  const progress = (): FanOutProgress<FanOutTotals> => {
    const soFar: FanOutTotals = emptyTotals();
    for (const totals of [ended, ...running.values()]) addTotals(soFar, totals);
    return { ...soFar, ...counts };
  };
  const show = () => setCurrentDetails(describeFanOut(progress()));
  setHandler(partitionProgress, (report) => {
    const checked = checkPartitionProgress(report);
    if (checked !== null && running.has(checked.workflowId)) running.set(checked.workflowId, checked.totals);
    show();
  });
  setHandler(fanOutProgress, progress);

  const starts = await partitions();
  counts.partitions = starts.length;
  for (const { workspaces } of starts) counts.workspaces += workspaces;
  const shape: PartitionShape = {
    childrenAtOnce: FAN_OUT_SHAPE.childrenAtOnce,
    reportEvery: Math.max(
      FAN_OUT_SHAPE.fewestChildrenPerReport,
      Math.ceil(counts.workspaces / FAN_OUT_SHAPE.reports),
    ),
  };
  show();
  const pool = new Pool(FAN_OUT_SHAPE.mostPartitions);
  for (const start of starts) await pool.start(() => run(start));
  await pool.drain();
  return ended;

  async function run({ workflowId, input, workspaces, sample }: PartitionStart<Input>): Promise<void> {
    running.set(workflowId, emptyTotals());
    try {
      const result = await executeChild(partitionWorkflow, {
        workflowId,
        args: [{ ...input, ...shape }],
        staticSummary: summaryOf.partition(workspaces),
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      });
      addTotals(ended, result);
    } catch (error) {
      if (isCancellation(error)) throw error;
      // Its unserved workspaces stay due, so the next tick takes them.
      ended.failed += 1;
      addSample(ended, sample, failureTypeOf(error));
    } finally {
      running.delete(workflowId);
      counts.partitionsEnded += 1;
      show();
    }
  }
}

function describeFanOut({
  partitions,
  partitionsEnded,
  workspaces,
  ...totals
}: FanOutProgress<FanOutTotals>) {
  return `${partitionsEnded} of ${partitions} partitions have ended. ${describeTotals(totals)}, of ${workspaces}`;
}
