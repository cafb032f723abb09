import {
  ActivityFailure,
  ApplicationFailure,
  ChildWorkflowFailure,
  TimeoutFailure,
} from '@temporalio/workflow';
import { FailureType } from '../contracts/failure-types.ts';

const KNOWN: ReadonlySet<string> = new Set(Object.values(FailureType));

/** The failure type of what an activity or a child threw. */
export function failureTypeOf(error: unknown): FailureType {
  // An activity of a child is wrapped twice.
  if (error instanceof ActivityFailure || error instanceof ChildWorkflowFailure)
    return failureTypeOf(error.cause);
  if (error instanceof ApplicationFailure && error.type && KNOWN.has(error.type))
    return error.type as FailureType;
  // A call that ran out of time while it was being retried says why it was retried.
  if (error instanceof TimeoutFailure) return error.cause ? failureTypeOf(error.cause) : FailureType.timedOut;
  return FailureType.internal;
}

/** Of revoked consent: which grant was refused, as the activity names it. */
export function refusedGrantOf(error: unknown): { grant?: string } {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const { grant } = (details ?? {}) as { grant?: unknown };
  return typeof grant === 'string' ? { grant } : {};
}
