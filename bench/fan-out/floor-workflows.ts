import {
  ChildWorkflowCancellationType,
  continueAsNew,
  executeChild,
  ParentClosePolicy,
  proxyActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { FAN_OUT_SHAPE } from '../../contracts/fan-out.ts';
import { Pool } from '../../workflows/pool.ts';
import type { FloorActivities } from './floor-worker.ts';
import { FLOOR_ACTIVITIES, type FloorInput, type FloorPartitionInput } from './floor-input.ts';

// Lower bound for a fan-out's time: as many children, from partitions like Almanac's, that each run one
// activity that does nothing. No search attributes, no priorities, no look-up of what is due, no results to
// add up.

/** As in `runPartition`. */
const CHILDREN_PER_RUN = 400;

const { doNothing } = proxyActivities<FloorActivities>({
  taskQueue: FLOOR_ACTIVITIES,
  startToCloseTimeout: '5 minutes',
});

export async function floorFanOut({ children }: FloorInput): Promise<void> {
  const { workflowId } = workflowInfo();
  const { mostPartitions, workspacesPerPartition } = FAN_OUT_SHAPE;
  const partitions = Math.min(mostPartitions, Math.ceil(children / workspacesPerPartition));
  const size = Math.ceil(children / partitions);
  const pool = new Pool(partitions);
  for (let from = 0; from < children; from += size) {
    await pool.start(() =>
      executeChild(floorPartition, {
        workflowId: `${workflowId}/partition/${from}`,
        args: [{ fanOutId: workflowId, from, to: Math.min(from + size, children) }],
        parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      }),
    );
  }
  await pool.drain();
}

export async function floorPartition({ fanOutId, from, to }: FloorPartitionInput): Promise<void> {
  const end = Math.min(from + CHILDREN_PER_RUN, to);
  const pool = new Pool(FAN_OUT_SHAPE.childrenAtOnce);
  for (let index = from; index < end; index += 1) {
    await pool.start(() =>
      executeChild(floorChild, {
        workflowId: `${fanOutId}/child/${index}`,
        parentClosePolicy: ParentClosePolicy.ABANDON,
        cancellationType: ChildWorkflowCancellationType.ABANDON,
      }),
    );
  }
  await pool.drain();
  if (end < to) await continueAsNew<typeof floorPartition>({ fanOutId, from: end, to });
}

export async function floorChild(): Promise<void> {
  await doNothing();
}
