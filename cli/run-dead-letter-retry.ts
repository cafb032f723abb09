import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import { InvalidInputError } from '../services/errors.ts';
import { type RetriedOrBusy, retryAllDeadLetters, retryDeadLetter } from '../client/retry-dead-letters.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { printJson, printLine } from '../terminal/output.ts';

/**
 * Body of `almanac dead-letter retry`. Exit code 1 if nothing could be started for a dead letter given by ID.
 */
export async function runDeadLetterRetry(
  { json, database, almanac }: CommandContext,
  { id, all }: { id: string | undefined; all: boolean },
): Promise<number> {
  if (all === (id !== undefined)) {
    throw new InvalidInputError('id', 'must be the UUID of a dead letter, or --all without any');
  }
  const clients = { database: await database(), almanac: await almanac() };
  const retried =
    id === undefined ? await retryAllDeadLetters(clients) : [await retryDeadLetter(clients, id)];
  if (json) printJson(retried);
  else printRetried(retried);
  const stuck = retried.some(({ outcome }) => outcome === 'needs-reconnect');
  return stuck && !all ? ExitCode.failed : ExitCode.ok;
}

function printRetried(retried: readonly RetriedOrBusy[]): void {
  if (retried.length === 0) printLine('There is no open dead letter.');
  for (const deadLetter of retried) printLine(`${deadLetter.id}: ${describe(deadLetter)}`);
}

function describe(deadLetter: RetriedOrBusy): string {
  const { workspaceId, outcome, workflowId } = deadLetter;
  switch (outcome) {
    case 'requested':
      return `requested ${requested(deadLetter)}${workflowId === undefined ? '' : `, ${workflowId}`}`;
    case 'busy':
      return `nothing started, a planning run of workspace ${workspaceId} is in progress: try again when it has ended`;
    case 'needs-reconnect':
      return `nothing started, the account must be connected again: run \`almanac account connect ${workspaceId}\``;
  }
}

function requested({ workspaceId, calendarId, operation }: RetriedOrBusy): string {
  if (operation === DeadLetterOperation.delivery)
    return `the deliveries of ${workspaceId === undefined ? 'all workspaces' : `workspace ${workspaceId}`}`;
  if (workspaceId === undefined) return 'a sync of everything that is due';
  if (operation === DeadLetterOperation.plan) return `a plan for workspace ${workspaceId}`;
  return calendarId ? `a sync of calendar ${calendarId}` : `a sync of workspace ${workspaceId}`;
}
