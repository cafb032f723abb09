import type { FailPlanRunInput, FailPlanRunResult } from '../contracts/planning-activities.ts';
import { FailureType } from '../contracts/failure-types.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { toJson } from '../services/mirror/to-jsonb.ts';
import { countsOf, doneWrites } from '../services/planning/write-back/writes.ts';

/** A run could not write everything: its row says why, and what it has written. The next run goes on from there. */
export function createFailPlanRun({ database, now }: ActivityDependencies) {
  return async function failPlanRun(input: FailPlanRunInput): Promise<FailPlanRunResult> {
    const { workspaceId, runId, failureType } = input;
    const diff = await doneWrites(database, runId);
    await database.scheduleRun.updateMany({
      where: { id: runId, workspaceId, status: 'applying' },
      data: { status: 'failed', failureType, finishedAt: await now(), diff: toJson(diff) },
    });
    if (failureType === FailureType.googleNotFound) {
      // A calendar that blocks are in may be gone: its account's list tells.
      await database.$executeRaw`
        update calendar_auth_tokens a set calendar_list_due_at = now()
        from calendars c join scheduled_blocks b on b.calendar_id = c.id
        where a.id = c.account_id and b.workspace_id = ${workspaceId}`;
    }
    return { totals: countsOf(diff) };
  };
}
