import type { HistoryEvent } from '../support/billed-actions.ts';

const CHILD_ENDS = [
  'childWorkflowExecutionCompletedEventAttributes',
  'childWorkflowExecutionFailedEventAttributes',
  'childWorkflowExecutionCanceledEventAttributes',
  'childWorkflowExecutionTimedOutEventAttributes',
  'childWorkflowExecutionTerminatedEventAttributes',
  'startChildWorkflowExecutionFailedEventAttributes',
] as const;

/** The most children that were started, or being started, and not yet ended, at any point of a history. */
export function mostPendingChildren(events: readonly HistoryEvent[]): number {
  let pending = 0;
  let most = 0;
  for (const event of events) {
    if (event.startChildWorkflowExecutionInitiatedEventAttributes) pending += 1;
    else if (CHILD_ENDS.some((name) => event[name])) pending -= 1;
    most = Math.max(most, pending);
  }
  return most;
}
