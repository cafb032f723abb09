import { RETENTION_SUBJECTS, type RetentionResult } from '../contracts/verification-activities.ts';
import { retention } from './activities.ts';

/**
 * Deletes old rows of the run log, closed dead letters, and what quotas, push channels and verifications have left
 * behind, and compacts the change log. Started daily by the schedule `calendar-retention`.
 */
export async function applyRetention(): Promise<RetentionResult> {
  const deleted = {} as RetentionResult;
  for (const subject of RETENTION_SUBJECTS) {
    deleted[subject] = await retention.deleteExpired.executeWithOptions({ summary: subject }, [{ subject }]);
  }
  return deleted;
}
