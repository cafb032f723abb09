import type { WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];

/** Attributes of events that Temporal Cloud bills as an action. Local activities are billed by the marker. */
const BILLED = [
  'workflowExecutionStartedEventAttributes',
  'activityTaskScheduledEventAttributes',
  'markerRecordedEventAttributes',
  'timerStartedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
  'workflowExecutionSignaledEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
] as const;

const CHILD_ENDS = [
  'childWorkflowExecutionCompletedEventAttributes',
  'childWorkflowExecutionFailedEventAttributes',
  'childWorkflowExecutionCanceledEventAttributes',
  'childWorkflowExecutionTimedOutEventAttributes',
  'childWorkflowExecutionTerminatedEventAttributes',
  'startChildWorkflowExecutionFailedEventAttributes',
] as const;

/**
 * Billed actions that show in a history, retries of activities included; heartbeats, queries and refused
 * updates do not show. Signal-with-Start is one action, Update-with-Start that starts a run two.
 */
export function countActions(events: readonly HistoryEvent[]): number {
  const retries = events.map(
    ({ activityTaskStartedEventAttributes: started }) => (started?.attempt ?? 1) - 1,
  );
  const billed = events.filter((event) => BILLED.some((name) => event[name]));
  const bySignal = events[1]?.workflowExecutionSignaledEventAttributes ? 1 : 0;
  return billed.length - bySignal + retries.reduce((total, more) => total + more, 0);
}

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
