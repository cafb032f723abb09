import type { FailEventWritesInput, WriteCounts } from '../contracts/writing.ts';
import { countWrites, failWrites } from '../services/writing/write-rows.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Gives up the unfinished writes of a batch. Idempotent: finished ones keep their outcome. */
export function createFailEventWrites({ database, metrics }: ActivityDependencies) {
  return async function failEventWrites(input: FailEventWritesInput): Promise<WriteCounts> {
    const { workspaceId, batchId } = input;
    const before = await countWrites(database, workspaceId, batchId);
    const counts = await failWrites(database, input);
    metrics.eventsWritten({ done: 0, refused: 0, failed: counts.failed - before.failed });
    return counts;
  };
}
