import { activityInfo, cancellationSignal } from '@temporalio/activity';
import { GoogleCallError } from '../../google/google-failure.ts';
import { toActivityFailure } from '../../google/to-activity-failure.ts';

/**
 * Runs the body of an activity that calls Google, and converts a failed call into the failure that makes
 * Temporal follow the retry table.
 */
export async function googleWork<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await work(cancellationSignal());
  } catch (error) {
    if (error instanceof GoogleCallError) throw toActivityFailure(error.failure, activityInfo().attempt);
    throw error;
  }
}
