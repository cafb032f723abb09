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
  const wrapped = error instanceof ActivityFailure || error instanceof ChildWorkflowFailure;
  const cause = wrapped ? error.cause : error;
  if (cause instanceof ApplicationFailure && cause.type && KNOWN.has(cause.type))
    return cause.type as FailureType;
  // A call that ran out of time while it was being retried says why it was retried.
  if (cause instanceof TimeoutFailure) return cause.cause ? failureTypeOf(cause.cause) : FailureType.timedOut;
  return FailureType.internal;
}

/** Of revoked consent: which grant was refused, as the activity names it. */
export function refusedGrantOf(error: unknown): { grant?: string } {
  const cause = error instanceof ActivityFailure ? error.cause : undefined;
  const [details] = cause instanceof ApplicationFailure ? (cause.details ?? []) : [];
  const { grant } = (details ?? {}) as { grant?: unknown };
  return typeof grant === 'string' ? { grant } : {};
}
