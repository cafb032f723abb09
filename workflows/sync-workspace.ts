import type { Priority } from '@temporalio/common';
import {
  allHandlersFinished,
  CancellationScope,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  upsertSearchAttributes,
  workflowInfo,
} from '@temporalio/workflow';
import { PriorityKey } from '../contracts/priorities.ts';
import { SYNC_OUTCOME_ATTRIBUTE } from '../contracts/search-attributes.ts';
import type { SyncInput, SyncRequest } from '../contracts/sync.ts';
import type { SyncResult } from '../contracts/sync-result.ts';
import type { SyncMode } from '../contracts/sync-modes.ts';
import { AwaitedRequests } from './awaited-requests.ts';
import { checkSyncInput, checkSyncRequest, requireSyncRequest } from './input/sync.ts';
import { syncNow, syncProgress, syncRequested } from './messages.ts';
import { mayBegin } from './run-bounds.ts';
import { SyncLedger } from './sync-ledger.ts';
import { type PassContext, planPass, runCalendar } from './sync-pass.ts';
import { namedRequests, SyncRequests } from './sync-requests.ts';
import { SyncTurns } from './sync-turns.ts';
import { RequestIds } from './request-ids.ts';
import { nameRun } from './name-run.ts';

/**
 * A sync run of one workspace: passes over its calendars until no request is left. A request that arrives
 * during a pass is served by another one: at once if its calendars are idle, otherwise after their turns.
 * Requests that wait at the start belong to the first pass. A run that new requests prolong, or whose history
 * has grown long, continues as new, and its successor returns the result of both.
 */
export async function syncWorkspace(untrusted: SyncInput, startMode: SyncMode): Promise<SyncResult> {
  const input = checkSyncInput(untrusted);
  const { workspaceId, calendarIds, targets, resume, ...inherited } = input;
  const { runId, runStartTime } = workflowInfo();
  const run = {
    workspaceId,
    source: input.source ?? 'manual',
    correlationId: input.correlationId ?? runId,
    runStartedAt: runStartTime.toISOString(),
  };
  const ledger = new SyncLedger(workspaceId, resume?.results, resume?.accounts);
  const asked = new SyncRequests(
    resume?.requests ?? [{ mode: startMode, ...(calendarIds ? { calendarIds } : {}) }],
  );
  const requestIds = new RequestIds(resume?.requestIds);
  const turns = new SyncTurns();
  const awaited = new AwaitedRequests(ledger, turns);
  const beganAt = Date.now();
  let [passes, signals, updates] = [0, 0, 0];

  // After the first request the whole run has interactive priority, including its next page.
  let isHurried = resume?.isHurried === true;
  const hurried: Priority = { priorityKey: PriorityKey.interactive, fairnessKey: workspaceId };
  const priority = () => (isHurried ? hurried : undefined);
  const context: PassContext = { run, ledger, turns, awaited, priority };
  const ask = (request: SyncRequest) => {
    asked.ask(request);
    requestIds.add(passes, request.requestId);
    isHurried ||= request.isHurried !== false;
    turns.wake();
  };
  setHandler(syncProgress, () => ledger.progress());
  setHandler(syncRequested, (request) => {
    signals += 1;
    const checked = checkSyncRequest(request);
    if (checked !== null) ask(checked);
  });
  setHandler(
    syncNow,
    (request) => {
      updates += 1;
      ask(request);
      return awaited.serve(request, passes);
    },
    { validator: requireSyncRequest },
  );
  nameRun(workspaceId, startMode);

  try {
    for (;;) {
      const isOpen = mayBegin({ passes, signals, updates, beganAt, queue: turns.queue });
      if (isOpen && !asked.isEmpty) {
        // The targets of the fan-out suffice only until the first message asks for more.
        const known = signals + updates === 0 ? targets : undefined;
        const pass = passes;
        passes += 1;
        await planPass(context, asked.take(), pass, known);
        awaited.planUpTo(passes);
        continue;
      }
      if (isOpen) turns.begin((turn) => runCalendar(context, turn));
      const isServed = asked.isEmpty && turns.queue.outstanding === 0;
      if (turns.isIdle && (isServed || !isOpen)) {
        if (allHandlersFinished()) break;
        await awaited.end();
        continue;
      }
      setCurrentDetails(ledger.describe());
      await turns.change();
    }
  } catch (error) {
    await CancellationScope.nonCancellable(() => awaited.end());
    throw error;
  }

  const unserved = [...namedRequests(turns.queue.unserved()), ...asked.toList()];
  if (unserved.length > 0) {
    const { calendars: results, accounts } = ledger.result();
    const waiting = requestIds.since(turns.queue.oldestPass(), passes);
    await continueAsNew({
      ...inherited,
      workspaceId,
      correlationId: run.correlationId,
      resume: { results, accounts, requests: unserved, requestIds: waiting, isHurried },
    });
  }
  const result = ledger.result();
  if (!result.success) upsertSearchAttributes([{ key: SYNC_OUTCOME_ATTRIBUTE, value: outcomeOf(result) }]);
  return result;
}

function outcomeOf(result: SyncResult): string {
  return result.calendars.some(({ error }) => error === undefined) ? 'partial' : 'failed';
}
