import type { TaskQueue } from '../contracts/task-queues.ts';
import { unservedTaskQueues } from '../client/task-queue-pollers.ts';
import type { CommandContext } from './command-context.ts';
import { printHint } from '../terminal/output.ts';

/** Warns if no worker polls a needed task queue, since the wait would never end. */
export async function hintAtMissingWorkers(
  context: CommandContext,
  needed: readonly TaskQueue[],
): Promise<void> {
  const unserved = await unservedTaskQueues(await context.temporal(), needed);
  if (unserved.length === 0) return;
  printHint(`Waiting, but no worker polls ${unserved.join(', ')}. Run \`almanac worker\` to start one.`);
}
