import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, isCancellation, ParentClosePolicy, setCurrentDetails } from '@temporalio/workflow';
import { PriorityKey } from '../contracts/priorities.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../contracts/search-attributes.ts';
import { summaryOf } from '../contracts/summaries.ts';
import {
  type AuditInput,
  type AuditResult,
  DEFAULT_AUDIT_SIZE,
  DIFFERENCE_KINDS,
  type DifferenceKind,
  MAX_EXAMPLES,
  type VerifyResult,
} from '../contracts/verification.ts';
import type { SampledWorkspace } from '../contracts/verification-activities.ts';
import { calendarVerifyWorkflowId } from '../contracts/workflow-ids.ts';
import { checkAuditInput } from './input/verification.ts';
import { Pool } from './pool.ts';
import { verification } from './activities.ts';
import { verifyWorkspace } from './verify-workspace.ts';

const WORKSPACES_AT_ONCE = 2;
/** A hanging verification must not block the next one of its workspace for ever. */
const LONGEST_VERIFICATION = '6 hours';

/**
 * Verifies the least recently verified calendars and records the findings in their health; repairs nothing.
 * Started daily by the schedule `calendar-drift-audit`.
 */
export async function auditDrift(untrusted: AuditInput = {}): Promise<AuditResult> {
  const { calendars: limit = DEFAULT_AUDIT_SIZE } = checkAuditInput(untrusted);
  const sample = await verification.sampleCalendars.executeWithOptions({ summary: `${limit} calendars` }, [
    { limit },
  ]);
  const totals: AuditResult = {
    workspaces: sample.length,
    calendars: 0,
    inStep: 0,
    drifted: 0,
    undecided: 0,
    skipped: 0,
    differences: Object.fromEntries(DIFFERENCE_KINDS.map((kind) => [kind, 0])) as Record<
      DifferenceKind,
      number
    >,
    sampleDrifted: [],
  };
  const pool = new Pool(WORKSPACES_AT_ONCE);
  for (const workspace of sample) await pool.start(() => auditWorkspace(workspace, totals));
  await pool.drain();
  return totals;
}

async function auditWorkspace(workspace: SampledWorkspace, totals: AuditResult): Promise<void> {
  const { workspaceId, calendarIds } = workspace;
  try {
    const result = await executeChild(verifyWorkspace, {
      workflowId: calendarVerifyWorkflowId(workspaceId),
      args: [{ workspaceId, calendarIds }],
      typedSearchAttributes: [{ key: WORKSPACE_ID_ATTRIBUTE, value: workspaceId }],
      staticSummary: summaryOf.verification(workspaceId),
      priority: { priorityKey: PriorityKey.sweep, fairnessKey: workspaceId },
      workflowExecutionTimeout: LONGEST_VERIFICATION,
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
    });
    addResult(totals, result);
    setCurrentDetails(`${totals.calendars} calendars verified, ${totals.drifted} with drift`);
  } catch (error) {
    if (isCancellation(error)) throw error;
    if (error instanceof WorkflowExecutionAlreadyStartedError) totals.skipped += 1;
    else {
      totals.calendars += calendarIds.length;
      totals.undecided += calendarIds.length;
    }
  }
}

function addResult(totals: AuditResult, { workspaceId, calendars, differences }: VerifyResult): void {
  for (const { calendarId, outcome, differences: found } of calendars) {
    totals.calendars += 1;
    if (outcome !== 'compared') totals.undecided += 1;
    else if (found === 0) totals.inStep += 1;
    else {
      totals.drifted += 1;
      if (totals.sampleDrifted.length < MAX_EXAMPLES) totals.sampleDrifted.push({ workspaceId, calendarId });
    }
  }
  for (const kind of DIFFERENCE_KINDS) totals.differences[kind] += differences[kind].found;
}
