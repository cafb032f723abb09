import type { FailPlanRunInput, FailPlanRunResult } from '../contracts/planning-activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { toJson } from '../services/mirror/to-jsonb.ts';
import { countsOf, doneWrites } from '../services/planning/write-back/writes.ts';

/**
 * Marks a run as failed, with the failure type and its completed writes, from which the next run continues.
 */
export function createFailPlanRun({ database, now }: ActivityDependencies) {
  return async function failPlanRun(input: FailPlanRunInput): Promise<FailPlanRunResult> {
    const { workspaceId, runId, failureType } = input;
    const diff = await doneWrites(database, runId);
    await database.scheduleRun.updateMany({
      where: { id: runId, workspaceId, status: 'applying' },
      data: { status: 'failed', failureType, finishedAt: await now(), diff: toJson(diff) },
    });
    if (failureType === FailureType.googleNotFound) {
      // A calendar of the blocks may be deleted, which the account's calendar list will show.
      await database.$executeRaw`
        update calendar_auth_tokens a set calendar_list_due_at = now()
        from calendars c join scheduled_blocks b on b.calendar_id = c.id
        where a.id = c.account_id and b.workspace_id = ${workspaceId}`;
    }
    return { totals: countsOf(diff) };
  };
}
