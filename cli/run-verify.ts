import { DIFFERENCE_KINDS, type VerificationOutcome, type VerifyResult } from '../contracts/verification.ts';
import { failureOf } from '../client/almanac-client.ts';
import type { StartedRun } from '../client/started-run.ts';
import { createVerifier, type Verifier } from '../client/verify.ts';
import { requireWorkspace } from '../services/workspaces.ts';
import type { CommandContext } from './command-context.ts';
import { ExitCode } from './exit-code.ts';
import { SYNC_TASK_QUEUES } from '../client/task-queue-pollers.ts';
import { hintAtMissingWorkers } from './missing-workers.ts';
import { printHint, printJson, printLine, printTable } from '../terminal/output.ts';
import { showVerifyProgress } from './show-progress.ts';

interface VerifyCommand {
  workspaceId: string;
  repair: boolean;
  calendarIds: string[] | undefined;
}

/** Advice for calendars that could not be compared. */
const ADVICE: Partial<Record<VerificationOutcome, string>> = {
  'not-synced': 'it has not been synced yet; run `almanac sync`',
  'not-syncable': 'it is disabled, removed or disconnected, or not a calendar of the workspace',
  'sync-token-expired':
    'its sync token has expired, so changes that are not yet pulled look like drift; run `almanac sync` first',
  unsettled: 'syncs kept writing to it; verify again later',
};

/** Body of `almanac verify`. */
export async function runVerify(context: CommandContext, command: VerifyCommand): Promise<number> {
  const database = await context.database();
  await requireWorkspace(database, command.workspaceId);
  const verifier = createVerifier({ temporal: await context.temporal(), database });
  await hintAtMissingWorkers(context, SYNC_TASK_QUEUES);
  const run = await start(verifier, command);
  const progress = await showVerifyProgress(verifier, command.workspaceId);
  try {
    const result = await verifier.wait(run);
    progress.stop();
    if (context.json) printJson({ ...result, ...run });
    else await printResult(result);
    return result.inStep ? ExitCode.ok : ExitCode.failed;
  } catch (error) {
    progress.stop();
    const failure = failureOf(error);
    if (failure === undefined) throw error;
    const { workspaceId } = command;
    if (context.json) printJson({ workspaceId, inStep: false, calendars: [], error: failure, ...run });
    else printLine(`${workspaceId} could not be verified: ${failure}.`);
    return ExitCode.failed;
  }
}

/** Starts a verification after one that is already running, for instance the daily audit's, which differs. */
async function start(verifier: Verifier, command: VerifyCommand): Promise<StartedRun> {
  for (;;) {
    const run = await verifier.start(command);
    if (run !== null) return run;
    printHint('Another verification of this workspace is running: waiting for it to end.');
    await verifier.waitForOther(command.workspaceId);
  }
}

async function printResult({ calendars, differences, accounts = [], inStep }: VerifyResult): Promise<void> {
  await printTable(
    ['calendar', 'outcome', 'events', 'pages', 'differences', 'repaired', 'pending'],
    calendars.map((one) => [
      one.calendarId,
      one.error ?? one.outcome,
      one.events,
      one.pages,
      one.differences,
      one.repaired,
      one.pending,
    ]),
    'There is no calendar to compare.',
  );
  const kinds = DIFFERENCE_KINDS.filter((kind) => differences[kind].found > 0);
  if (kinds.length > 0) {
    await printTable(
      ['difference', 'found', 'repaired', 'calendar', 'examples'],
      kinds.flatMap((kind) => {
        const { found, repaired, examples } = differences[kind];
        return examples.map(({ calendarId, googleEventId }, index) =>
          index === 0
            ? [kind, found, repaired, calendarId, googleEventId]
            : ['', '', '', calendarId, googleEventId],
        );
      }),
      '',
    );
  }
  for (const { calendarId, outcome } of calendars) {
    if (ADVICE[outcome]) printHint(`${calendarId}: ${ADVICE[outcome]}.`);
  }
  for (const { accountId, error } of accounts) printHint(`account ${accountId}: ${error}`);
  printLine(inStep ? 'In step with Google.' : 'Not in step with Google.');
}
