import { type Client, QueryNotRegisteredError, QueryRejectedError, ServiceError } from '@temporalio/client';
import { PROGRESS_QUERY } from '../contracts/sync.ts';

/** Limit for a query; a running worker answers within milliseconds. */
const ANSWER_WITHIN_MS = 2_000;

/** Progress of a run, from its query. Null: no worker answered within two seconds, or the run has just begun. */
export async function queryProgress<Progress>(
  temporal: Client,
  workflowId: string,
): Promise<Progress | null> {
  try {
    return await temporal.withDeadline(Date.now() + ANSWER_WITHIN_MS, () =>
      temporal.workflow.getHandle(workflowId).query<Progress>(PROGRESS_QUERY),
    );
  } catch (error) {
    const unanswered =
      error instanceof ServiceError ||
      error instanceof QueryNotRegisteredError ||
      error instanceof QueryRejectedError;
    if (unanswered) return null;
    throw error;
  }
}
