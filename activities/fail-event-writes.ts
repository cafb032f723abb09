import type { FailEventWritesInput, WriteCounts } from '../contracts/writing.ts';
import { failWrites } from '../services/writing/write-rows.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Gives up the unfinished writes of a batch. Idempotent: finished ones keep their outcome. */
export function createFailEventWrites({ database }: ActivityDependencies) {
  return async function failEventWrites(input: FailEventWritesInput): Promise<WriteCounts> {
    return failWrites(database, input);
  };
}
