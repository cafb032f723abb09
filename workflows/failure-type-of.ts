import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';

const KNOWN: ReadonlySet<string> = new Set(Object.values(FailureType));

/** The failure type of an error thrown by an activity or a child. */
export function failureTypeOf(error: unknown): FailureType {
  // An activity of a child is wrapped twice.
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return failureTypeOf(error.cause);
  if (error instanceof ApplicationFailure && error.type && KNOWN.has(error.type))
    return error.type as FailureType;
  // A call that timed out while it was being retried carries the reason for the retries.
  if (error instanceof TimeoutFailure) return error.cause ? failureTypeOf(error.cause) : FailureType.timedOut;
  return FailureType.internal;
}

/** For revoked consent: fingerprint of the refused grant, from the activity's failure details. */
export function refusedGrantOf(error: unknown): { grant?: string } {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const { grant } = (details ?? {}) as { grant?: unknown };
  return typeof grant === 'string' ? { grant } : {};
}
