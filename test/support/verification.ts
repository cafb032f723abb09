import type { VerifyInput, VerifyResult } from '../../contracts/verification.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import { calendarVerifyWorkflowId } from '../../contracts/workflow-ids.ts';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import type { SyncStack } from './sync-stack.ts';
import type { WorkflowStack } from './workflow-stack.ts';

/** Starts a verification as the plain Temporal CLI does. */
export function startVerification({ temporal }: WorkflowStack, input: VerifyInput) {
  return temporal.client.workflow.start<(input: VerifyInput) => Promise<VerifyResult>>(
    WorkflowType.verifyWorkspace,
    {
      taskQueue: TaskQueue.calendarSync,
      workflowId: calendarVerifyWorkflowId(input.workspaceId),
      args: [input],
    },
  );
}

export async function verify(stack: WorkflowStack, input: VerifyInput): Promise<VerifyResult> {
  return (await startVerification(stack, input)).result();
}

/** Differences found: IDs by kind, without empty kinds. */
export function foundBy({ differences }: VerifyResult): Record<string, string[]> {
  return Object.fromEntries(
    Object.entries(differences)
      .filter(([, { found }]) => found > 0)
      .map(([kind, { examples }]) => [kind, examples.map(({ googleEventId }) => googleEventId)]),
  );
}

/**
 * Versions of every row of a calendar: a row that is rewritten, even with the same values, has another one.
 */
export async function rowVersions({ database }: SyncStack, calendarId: string): Promise<Map<string, string>> {
  const rows = await database.$queryRaw<{ row: string; version: string }[]>`
    select 'event ' || google_event_id as row, xmin::text as version from calendar_events
    where calendar_id = ${calendarId}::uuid
    union all
    select 'occurrence ' || id || ' of ' || source_event_id, xmin::text from workspace_calendar_events
    where calendar_id = ${calendarId}::uuid`;
  return new Map(rows.map(({ row, version }) => [row, version]));
}

/** Rows that were added, rewritten or deleted between two looks. */
export function changedRows(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): string[] {
  const rows = new Set([...before.keys(), ...after.keys()]);
  return [...rows].filter((row) => before.get(row) !== after.get(row)).toSorted();
}

/** Columns of a sync state that belong to syncs. */
export async function syncPosition({ database }: SyncStack, calendarId: string) {
  const {
    verifiedAt: _verifiedAt,
    drift: _drift,
    lastingDrift: _lastingDrift,
    auditedAt: _auditedAt,
    ...rest
  } = await database.calendarSyncState.findUniqueOrThrow({ where: { calendarId } });
  return rest;
}
