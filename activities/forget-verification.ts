import type { VerificationStep } from '../contracts/verification-activities.ts';
import type { ActivityDependencies } from './dependencies.ts';
import { fenceOf } from '../services/verification/verification-fence.ts';

/** Deletes the stored state of a calendar's verification, unless another run has started one. */
export function createForgetVerification({ database }: ActivityDependencies) {
  return async function forgetVerification(input: VerificationStep): Promise<void> {
    const { calendarId, runId } = fenceOf(input);
    await database.calendarVerification.deleteMany({ where: { calendarId, runId } });
  };
}
