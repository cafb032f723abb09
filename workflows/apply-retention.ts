import { RETENTION_SUBJECTS, type RetentionResult } from '../contracts/verification-activities.ts';
import { retention } from './activities.ts';

/**
 * Deletes old run log rows, closed dead letters, idempotency keys, and leftovers of quotas, push channels and
 * verifications, and compacts the change log. Started daily by the schedule `calendar-retention`.
 */
export async function applyRetention(): Promise<RetentionResult> {
  const deleted = {} as RetentionResult;
  for (const subject of RETENTION_SUBJECTS) {
    deleted[subject] = await retention.deleteExpired.executeWithOptions({ summary: subject }, [{ subject }]);
  }
  return deleted;
}
