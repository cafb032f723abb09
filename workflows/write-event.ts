import {
  allHandlersFinished,
  condition,
  isCancellation,
  setCurrentDetails,
  setHandler,
} from '@temporalio/workflow';
import type { WriteCounts, WriteEventInput } from '../contracts/writing.ts';
import { database, google } from './activities.ts';
import { failureTypeOf } from './failure-type-of.ts';
import { checkWriteEventInput } from './input/write-event.ts';
import { writeProgress, writesSettled } from './messages.ts';
import { nameRun } from './name-run.ts';

/**
 * Makes the writes of one request, in order: to Google, and with the answer into the mirror. Its content is in
 * the database, so that no history holds it. Callers wait with the update `settled`, which starts the run as well
 * (Update-with-Start), and then read the outcome of each write. Workflow ID `event-write/{workspaceId}/{batchId}`,
 * so a repeated request joins the run or finds its result.
 */
export async function writeEvent(untrusted: WriteEventInput): Promise<WriteCounts> {
  const input = checkWriteEventInput(untrusted);
  let counts: WriteCounts = { total: 0, done: 0, refused: 0, failed: 0 };
  let isSettled = false;
  setHandler(writeProgress, () => counts);
  setHandler(writesSettled, async () => {
    await condition(() => isSettled);
    return counts;
  });
  nameRun(input.workspaceId);
  try {
    for (;;) {
      const { outcome, ...soFar } = await google.applyEventWrites(input);
      counts = soFar;
      setCurrentDetails(
        `Writes: ${counts.done + counts.refused + counts.failed} of ${counts.total} have their outcome`,
      );
      if (outcome === 'done') break;
    }
  } catch (error) {
    if (isCancellation(error)) throw error;
    counts = await database.failEventWrites({ ...input, failureType: failureTypeOf(error) });
  }
  isSettled = true;
  await condition(allHandlersFinished);
  return counts;
}
