import type { VerificationStep } from '../contracts/verification-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { fenceOf } from '../services/verification/verification-fence.ts';

/** Deletes what a calendar's verification has noted, unless another run has begun one. */
export function createForgetVerification({ database }: ActivityDependencies) {
  return async function forgetVerification(input: VerificationStep): Promise<void> {
    const { calendarId, runId } = fenceOf(input);
    await database.calendarVerification.deleteMany({ where: { calendarId, runId } });
  };
}
