import { manualFanOutWorkflowId } from '../../contracts/workflow-ids.ts';
import { ScheduleId, WorkflowType } from '../../contracts/workflow-types.ts';
import { SCHEDULE_DEFINITIONS } from '../../client/schedule-definitions.ts';
import type { SyncFanOutResult } from '../../contracts/fan-out-results.ts';
import type { Database } from '../../prisma/client.ts';
import { OWN } from '../support/database-server.ts';
import type { DueCalendar } from '../support/due-workspaces.ts';
import type { BenchStack } from '../support/stack.ts';

const EVENT = {
  summary: 'New',
  start: { dateTime: '2027-01-15T12:00:00Z' },
  end: { dateTime: '2027-01-15T13:00:00Z' },
};
/** Workflow types of a tick's children. */
export const SYNC_TYPES = [WorkflowType.incrementalSync, WorkflowType.fullSync] as const;

export function tickId(name: string): string {
  return manualFanOutWorkflowId(name);
}

/** Makes the workspaces of this prefix due, and no others. */
export async function makeDue(database: Database, prefix: string): Promise<void> {
  await database.$executeRawUnsafe(
    `update ${OWN} calendar_sync_states
     set next_sync_at = case when starts_with(workspace_id, $1) then 'epoch' else now() + interval '1 day' end`,
    `${prefix}-`,
  );
  await database.$executeRawUnsafe(`vacuum analyze ${OWN}`);
}

/** Enters one new event into the given share of the calendars, evenly spread. Returns how many those are. */
export async function changeSome(
  { admin }: BenchStack,
  calendars: readonly DueCalendar[],
  share: number,
): Promise<number> {
  const chosen = calendars.filter((_, index) => Math.floor((index + 1) * share) > Math.floor(index * share));
  for (const { googleCalendarId } of chosen) await admin.insertEvent(googleCalendarId, EVENT);
  return chosen.length;
}

/** Starts the tick as its schedule does, and fails unless each workspace was synced well. */
export async function runTick(
  { temporal }: BenchStack,
  { name, workspaces, changes }: { name: string; workspaces: number; changes: number },
): Promise<void> {
  const definition = SCHEDULE_DEFINITIONS.find(({ id }) => id === ScheduleId.calendarProviderSync);
  if (definition === undefined) throw new Error('The tick has no schedule.');
  const { workflowType, taskQueue, input, priorityKey, executionTimeout } = definition;
  const result: SyncFanOutResult = await temporal.workflow.execute(workflowType, {
    workflowId: tickId(name),
    taskQueue,
    args: [input],
    priority: { priorityKey },
    workflowExecutionTimeout: executionTimeout,
  });
  const { succeeded, failed, skipped, upserted } = result;
  if (succeeded !== workspaces || failed + skipped > 0 || upserted !== changes)
    throw new Error(`The tick did not sync what it should have: ${JSON.stringify(result)}`);
}
