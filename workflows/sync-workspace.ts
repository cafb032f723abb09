import type { Priority } from '@temporalio/common';
import { continueAsNew, setHandler, upsertSearchAttributes, workflowInfo } from '@temporalio/workflow';
import { PriorityKey } from '../contracts/priorities.ts';
import {
  SYNC_MODE_ATTRIBUTE,
  SYNC_OUTCOME_ATTRIBUTE,
  WORKSPACE_ID_ATTRIBUTE,
} from '../contracts/search-attributes.ts';
import type { SyncInput, SyncMode, SyncRequest, SyncResult } from '../contracts/sync.ts';
import { checkSyncInput, checkSyncRequest } from './input/sync.ts';
import { syncProgress, syncRequested } from './messages.ts';
import { SyncLedger } from './sync-ledger.ts';
import { syncPass } from './sync-pass.ts';

/**
 * A sync run of one workspace: passes over its calendars until nothing more is asked for. A signal that arrives
 * during a pass is served by another one before the run ends; signals that wait at the start are part of the first.
 */
export async function syncWorkspace(untrusted: SyncInput, startMode: SyncMode): Promise<SyncResult> {
  const input = checkSyncInput(untrusted);
  const { workspaceId, calendarIds, targets, resume, ...inherited } = input;
  const { runId, runStartTime } = workflowInfo();
  const ledger = new SyncLedger(workspaceId, resume?.results ?? []);
  const requests: SyncRequest[] = resume?.requests ?? [
    { mode: startMode, ...(calendarIds ? { calendarIds } : {}) },
  ];

  // As soon as somebody asks, the whole run is for somebody who waits: its next page, too.
  let priority: Priority | undefined;
  setHandler(syncProgress, () => ledger.progress());
  setHandler(syncRequested, (request) => {
    const checked = checkSyncRequest(request);
    if (checked === null) return;
    requests.push(checked);
    priority = { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId };
  });
  nameRun(workspaceId, startMode);

  const run = {
    workspaceId,
    source: input.source ?? 'manual',
    correlationId: input.correlationId ?? runId,
    runStartedAt: runStartTime.toISOString(),
  };
  for (let pass = 0; requests.length > 0; pass += 1) {
    // What was due is all that is wanted only as long as nobody has asked for more.
    const known = pass === 0 && requests.length === 1 ? targets : undefined;
    const unserved = await syncPass(
      { run, ledger, pass, priority: () => priority },
      requests.splice(0),
      known,
    );
    requests.unshift(...unserved);
    if (requests.length > 0 && workflowInfo().continueAsNewSuggested) {
      await continueAsNew({ ...inherited, workspaceId, resume: { results: ledger.results(), requests } });
    }
  }

  const result = ledger.result();
  if (!result.success) upsertSearchAttributes([{ key: SYNC_OUTCOME_ATTRIBUTE, value: outcomeOf(result) }]);
  return result;
}

/** A run that was started by hand has no search attributes yet; one that has them costs no upsert. */
function nameRun(workspaceId: string, mode: SyncMode): void {
  if (workflowInfo().typedSearchAttributes.get(WORKSPACE_ID_ATTRIBUTE) !== undefined) return;
  upsertSearchAttributes([
    { key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId },
    { key: SYNC_MODE_ATTRIBUTE, value: mode },
  ]);
}

function outcomeOf(result: SyncResult): string {
  return result.calendars.some(({ error }) => error === undefined) ? 'partial' : 'failed';
}
