import { patched } from '@temporalio/workflow';
import {
  LATER_RETENTION_SUBJECTS,
  RETENTION_SUBJECTS,
  type RetentionResult,
  type RetentionSubject,
} from '../contracts/verification-activities.ts';
import { retention } from './verification-activities.ts';

/**
 * Deletes old rows of the run log, closed dead letters, and what quotas, push channels and verifications have left
 * behind, and compacts the change log. Started daily by the schedule `calendar-retention`.
 */
export async function applyRetention(): Promise<RetentionResult> {
  const subjects: readonly RetentionSubject[] = RETENTION_SUBJECTS;
  const deleted = {} as RetentionResult;
  for (const subject of [...subjects, ...LATER_RETENTION_SUBJECTS.filter(isKnown)]) {
    deleted[subject] = await retention.deleteExpired.executeWithOptions({ summary: subject }, [{ subject }]);
  }
  return deleted;
}

/** Runs that began before there was the subject end without it. */
function isKnown(subject: RetentionSubject): boolean {
  return patched(`retention/${subject}`);
}
