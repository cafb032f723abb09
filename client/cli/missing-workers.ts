import { unservedTaskQueues } from '../task-queue-pollers.ts';
import type { CommandContext } from './command-context.ts';
import { printHint } from './output.ts';

/** Without a worker the wait would never end, and nothing would say why. */
export async function hintAtMissingWorkers(context: CommandContext): Promise<void> {
  const unserved = await unservedTaskQueues(await context.temporal());
  if (unserved.length === 0) return;
  printHint(`Waiting, but no worker polls ${unserved.join(', ')}: start one with \`almanac worker\`.`);
}
