import type { PrepareUndoInput, PrepareUndoResult } from '../contracts/planning-activities.ts';
import type { Database } from '../prisma/client.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { orderWrites } from '../services/planning/write-back/order-writes.ts';
import { readPlanInput } from '../services/planning/write-back/read-plan-input.ts';
import { type BlockNow, reverseWrites } from '../services/planning/write-back/reverse-writes.ts';
import { closeEarlierRuns } from '../services/planning/write-back/store-run.ts';
import { summariseWrites } from '../services/planning/write-back/summarise-writes.ts';
import { toJson } from '../services/mirror/to-jsonb.ts';
import { netChanges, storeWrites, toSpan } from '../services/planning/write-back/writes.ts';

/** Longest span of any plan. */
const DAYS = 90;

async function loadBlocksNow(database: Database, workspaceId: string, now: Date): Promise<BlockNow[]> {
  const rows = await database.scheduledBlock.findMany({
    where: {
      workspaceId,
      endAt: { gt: now },
      status: { in: ['written', 'writing', 'released', 'deleted'] },
    },
    include: { task: { select: { status: true } }, habit: { select: { id: true } } },
  });
  return rows.map(({ id, status, startAt, endAt, pinnedBecause, task, habit }) => ({
    id,
    span: status === 'deleted' ? null : toSpan(startAt, endAt),
    pinned: pinnedBecause !== null,
    live: task?.status === 'open' || habit !== null,
  }));
}

/**
 * Makes the run that undoes another one, with its writes. Null if that one was never applied, or is undone.
 */
export function createPrepareUndo({ database, now }: ActivityDependencies) {
  return async function prepareUndo(input: PrepareUndoInput): Promise<PrepareUndoResult> {
    const { workspaceId, undoRunId, source, correlationId } = input;
    const undone = await database.scheduleRun.findFirst({
      where: {
        id: undoRunId,
        workspaceId,
        mode: 'apply',
        status: { in: ['applied', 'failed'] },
        undoneAt: null,
      },
    });
    if (undone === null) return { runId: null };
    const at = await now();
    const { busy } = await readPlanInput(database, workspaceId, at, { days: DAYS });
    const writes = orderWrites(
      reverseWrites(
        await netChanges(database, undoRunId),
        await loadBlocksNow(database, workspaceId, at),
        busy.map(([start, end]) => ({ startMs: Date.parse(start), endMs: Date.parse(end) })),
        at.getTime(),
      ),
    );
    return database.$transaction(async (transaction) => {
      await closeEarlierRuns(transaction, input);
      const { id: runId } = await transaction.scheduleRun.create({
        data: {
          workspaceId,
          mode: 'undo',
          status: 'applying',
          source,
          correlationId,
          undoOf: undoRunId,
          diff: toJson(summariseWrites(writes)),
          startedAt: at,
        },
      });
      await storeWrites(transaction, runId, writes);
      return { runId };
    });
  };
}
