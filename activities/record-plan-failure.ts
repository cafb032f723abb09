import { activityInfo } from '@temporalio/activity';
import { DeadLetterOperation } from '../contracts/dead-letters.ts';
import type { RecordPlanFailureInput } from '../contracts/planning-activities.ts';
import { RETRY_TABLE } from '../contracts/retry-table.ts';
import { openDeadLetter } from '../services/dead-letters/open-dead-letter.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Opens a dead letter for a plan that could not be applied; the next applied plan resolves it. */
export function createRecordPlanFailure({ database, now }: ActivityDependencies) {
  return async function recordPlanFailure(input: RecordPlanFailureInput): Promise<void> {
    const { workspaceId, correlationId, failureType } = input;
    if (RETRY_TABLE[failureType].deadLetter === 'none') return;
    const { workflowExecution } = activityInfo();
    const failedAt = await now();
    await database.$transaction(async (transaction) => {
      const [last] = await transaction.$queryRaw<{ appliedAt: Date | null }[]>`
        select max(finished_at) as "appliedAt" from schedule_runs
        where workspace_id = ${workspaceId} and mode = 'apply' and status = 'applied'`;
      await openDeadLetter(transaction, {
        workspaceId,
        subject: { workspace: true },
        operation: DeadLetterOperation.plan,
        failureType,
        workflowId: workflowExecution?.workflowId ?? '',
        runId: workflowExecution?.runId ?? '',
        correlationId,
        failedAt,
        lastSuccessAt: last?.appliedAt ?? null,
      });
    });
  };
}
