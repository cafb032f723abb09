import { showProgressBar } from '../terminal/progress-bar.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { hintAtMissingWorkers } from './missing-workers.ts';
import { readInputFile } from './read-input-file.ts';
import { printJson, printLine, printTable } from '../terminal/output.ts';
import { SYNC_TASK_QUEUES } from '../client/task-queue-pollers.ts';
import { InvalidInputError } from '../services/errors.ts';
import { beginWrites } from '../services/writing/begin-writes.ts';
import { outcomeError } from '../services/writing/outcome-error.ts';
import { readWrites, type WriteOutcome } from '../services/writing/read-writes.ts';

type Writes = Parameters<typeof beginWrites>[2];

/** Stores the writes, has them made, and waits for their outcomes with a progress bar. */
async function makeWrites(
  context: CommandContext,
  workspaceId: string,
  writes: Writes,
): Promise<WriteOutcome[]> {
  const database = await context.database();
  const batchId = await beginWrites(database, workspaceId, writes);
  await hintAtMissingWorkers(context, SYNC_TASK_QUEUES);
  const almanac = await context.almanac();
  const outcomes = () => readWrites(database, workspaceId, batchId);
  const progress = await showProgressBar('{bar} {value}/{total} writes', {}, async () => {
    const known = await outcomes();
    const done = known.filter(({ status }) => status !== 'pending' && status !== 'sent').length;
    return { done, total: known.length, counts: {} };
  });
  try {
    await almanac.makeWrites({ workspaceId, batchId });
  } finally {
    progress.stop();
  }
  return outcomes();
}

/** Body of `almanac event create`, `change`, `delete` and `answer`: makes one write and waits for its outcome. */
export async function runEventWrite(
  context: CommandContext,
  workspaceId: string,
  write: Writes[number],
  done: string,
): Promise<void> {
  const [outcome] = await makeWrites(context, workspaceId, [write]);
  if (outcome === undefined) throw new Error('A batch has the writes that were stored.');
  const error = outcomeError(outcome);
  if (error !== null) throw error;
  if (context.json) return printJson(outcome);
  printLine(`Event ${outcome.eventId ?? outcome.googleEventId ?? ''} is ${done}.`.replace('  ', ' '));
}

/** Body of `almanac event batch`: the writes of a JSON file, in order. */
export async function runEventBatch(
  context: CommandContext,
  workspaceId: string,
  file: string,
): Promise<number> {
  const outcomes = await makeWrites(context, workspaceId, parseWrites(await readInputFile(file, 'file')));
  const isDone = outcomes.every(({ status }) => status === 'done');
  if (context.json) printJson(outcomes);
  else
    await printTable(
      ['write', 'operation', 'status', 'event', 'why'],
      outcomes.map((outcome, index) => {
        const { operation, status, eventId, googleEventId } = outcome;
        return [index, operation, status, eventId ?? googleEventId, outcomeError(outcome)?.message];
      }),
      '',
    );
  return isDone ? ExitCode.ok : ExitCode.failed;
}

/** The form of the writes is checked with the other rules. */
function parseWrites(text: string): Writes {
  try {
    return JSON.parse(text) as Writes;
  } catch {
    throw new InvalidInputError('file', 'must be JSON: a list of writes');
  }
}
