import type { Duration } from '@temporalio/common';
import { PriorityKey } from '../contracts/priorities.ts';
import { TaskQueue } from '../contracts/task-queues.ts';
import { DEFAULT_AUDIT_SIZE } from '../contracts/verification.ts';
import { ScheduleId, WorkflowType } from '../contracts/workflow-types.ts';

export interface ScheduleDefinition {
  id: ScheduleId;
  /** Shown by the Web UI with the schedule, unless a person has replaced it, and with its runs. */
  note: string;
  /** Cron expression, in UTC. */
  cron: string;
  workflowType: WorkflowType;
  input: object;
  taskQueue: TaskQueue;
  priorityKey: number;
  /** Random delay that spreads the starts of many installations. */
  jitter: Duration;
  /** A start missed by more than this is dropped, because the next one does its work. At most the period. */
  catchupWindow: Duration;
  /** Less than the period minus the jitter, so that a stuck run does not suppress the next one. */
  executionTimeout: Duration;
}

/** Every schedule of Almanac. `almanac schedules apply` brings the namespace in line with this list. */
export const SCHEDULE_DEFINITIONS: readonly ScheduleDefinition[] = [
  {
    id: ScheduleId.calendarProviderSync,
    note: 'Syncs every workspace that is due.',
    cron: '*/15 * * * *',
    workflowType: WorkflowType.syncAllWorkspaces,
    input: { source: 'schedule' },
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.tick,
    jitter: '20 seconds',
    catchupWindow: '15 minutes',
    executionTimeout: '14 minutes',
  },
  {
    id: ScheduleId.calendarSmartSchedule,
    note: 'Plans every workspace whose policy applies plans automatically.',
    // Eight minutes after a tick, and seven before the next.
    cron: '8 */6 * * *',
    workflowType: WorkflowType.scheduleAllWorkspaces,
    input: { source: 'schedule' },
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.sweep,
    jitter: '2 minutes',
    catchupWindow: '6 hours',
    executionTimeout: '330 minutes',
  },
  {
    id: ScheduleId.calendarHorizonRoll,
    note: 'Moves the span of expanded occurrences on by a day.',
    // Between two ticks of the sync, which start every quarter of an hour.
    cron: '7 3 * * *',
    workflowType: WorkflowType.rollHorizons,
    input: {},
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.sweep,
    jitter: '5 minutes',
    catchupWindow: '12 hours',
    executionTimeout: '12 hours',
  },
  {
    id: ScheduleId.calendarDeadLetterNotices,
    note: 'Notifies the operator of new dead letters.',
    // Every five minutes, between the ticks of the sync.
    cron: '2-59/5 * * * *',
    workflowType: WorkflowType.notifyDeadLetters,
    input: {},
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.tick,
    jitter: '20 seconds',
    catchupWindow: '5 minutes',
    executionTimeout: '4 minutes',
  },
  {
    id: ScheduleId.calendarDriftAudit,
    note: 'Compares a sample of the mirror with Google.',
    cron: '22 4 * * *',
    workflowType: WorkflowType.auditDrift,
    input: { calendars: DEFAULT_AUDIT_SIZE },
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.sweep,
    jitter: '5 minutes',
    catchupWindow: '12 hours',
    executionTimeout: '12 hours',
  },
  {
    id: ScheduleId.calendarRetention,
    note: 'Deletes old rows of logs.',
    cron: '37 2 * * *',
    workflowType: WorkflowType.applyRetention,
    input: {},
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.sweep,
    jitter: '5 minutes',
    catchupWindow: '12 hours',
    executionTimeout: '12 hours',
  },
  {
    id: ScheduleId.calendarWatchRenewal,
    note: 'Opens, renews and stops push channels.',
    cron: '18 * * * *',
    workflowType: WorkflowType.maintainWatchChannels,
    input: {},
    taskQueue: TaskQueue.calendarSync,
    priorityKey: PriorityKey.sweep,
    jitter: '2 minutes',
    catchupWindow: '1 hour',
    executionTimeout: '55 minutes',
  },
];
