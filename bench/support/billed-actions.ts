import type { WorkflowHandle } from '@temporalio/client';

type History = Awaited<ReturnType<WorkflowHandle['fetchHistory']>>;
export type HistoryEvent = NonNullable<History['events']>[number];

/**
 * Attributes of events that are one action each. A child that is started is two: one for the intent, in its
 * parent's history, and one for the start, in its own.
 */
const BILLED = [
  'workflowExecutionStartedEventAttributes',
  'startChildWorkflowExecutionInitiatedEventAttributes',
  'activityTaskScheduledEventAttributes',
  'timerStartedEventAttributes',
  'workflowExecutionSignaledEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
  'workflowExecutionOptionsUpdatedEventAttributes',
  'nexusOperationScheduledEventAttributes',
  'nexusOperationCancelRequestedEventAttributes',
] as const;

/** A run that a schedule has started carries this search attribute. */
const SCHEDULED_BY = 'TemporalScheduledById';
/** Actions of a schedule for each start, besides the start itself. */
const SCHEDULE_ACTIONS = 2;
/** Search attribute of `patched()`, of which an upsert is not billed. */
const CHANGE_VERSION = 'TemporalChangeVersion';
/** A worker sends an activity's heartbeats at most this often. */
const HEARTBEAT_MS = 5_000;

/**
 * Actions that Temporal Cloud bills for a history, by https://docs.temporal.io/cloud/actions: retries count,
 * the local activities and other markers of one workflow task are one, Signal-with-Start is one,
 * Update-with-Start that starts a run two. Queries and refused updates do not show. Nor do heartbeats: one is
 * counted for every five seconds of an activity's last attempt.
 */
export function countActions(events: readonly HistoryEvent[]): number {
  const bySignal = events[1]?.workflowExecutionSignaledEventAttributes ? 1 : 0;
  const markers = new Set(
    events.flatMap((event) => {
      const task = event.markerRecordedEventAttributes?.workflowTaskCompletedEventId;
      return task === undefined ? [] : [String(task)];
    }),
  );
  const begun = new Map<string, number>();
  return events.reduce((sum, event) => {
    const started = event.activityTaskStartedEventAttributes;
    const ended = event.activityTaskCompletedEventAttributes ?? event.activityTaskFailedEventAttributes;
    if (started) begun.set(String(event.eventId), msOf(event));
    const ranMs = ended ? msOf(event) - (begun.get(String(ended.startedEventId)) ?? msOf(event)) : 0;
    return (
      sum +
      (BILLED.some((name) => event[name]) ? 1 : 0) +
      (isScheduled(event) ? SCHEDULE_ACTIONS : 0) +
      (isBilledUpsert(event) ? 1 : 0) +
      (started?.attempt ?? 1) -
      1 +
      localRetries(event) +
      Math.floor(ranMs / HEARTBEAT_MS)
    );
  }, markers.size - bySignal);
}

function msOf({ eventTime }: HistoryEvent): number {
  return Number(eventTime?.seconds ?? 0) * 1_000 + (eventTime?.nanos ?? 0) / 1_000_000;
}

function isScheduled({ workflowExecutionStartedEventAttributes: started }: HistoryEvent): boolean {
  return started?.searchAttributes?.indexedFields?.[SCHEDULED_BY] !== undefined;
}

function isBilledUpsert({ upsertWorkflowSearchAttributesEventAttributes: upsert }: HistoryEvent): boolean {
  return Object.keys(upsert?.searchAttributes?.indexedFields ?? {}).some((name) => name !== CHANGE_VERSION);
}

function localRetries({ workflowTaskCompletedEventAttributes: task }: HistoryEvent): number {
  return task?.meteringMetadata?.nonfirstLocalActivityExecutionAttempts ?? 0;
}
