import {
  type Client,
  ScheduleAlreadyRunning,
  type ScheduleDescription,
  ScheduleNotFoundError,
  type ScheduleOptions,
  type ScheduleOptionsAction,
  ScheduleOverlapPolicy,
  type WorkflowOptions,
} from '@temporalio/client';
import type { ScheduleId } from '../contracts/workflow-types.ts';
import { RemedyAction } from '../contracts/remedies.ts';
import { InvalidInputError, NotFoundError } from '../services/errors.ts';
import { SCHEDULE_DEFINITIONS, type ScheduleDefinition } from './schedule-definitions.ts';

function toOptions(definition: ScheduleDefinition) {
  // The SDK sends a priority with the action, although its type lacks one.
  const action: ScheduleOptionsAction & Pick<WorkflowOptions, 'priority'> = {
    type: 'startWorkflow',
    workflowType: definition.workflowType,
    // Temporal appends the start time to the ID.
    workflowId: definition.id,
    args: [definition.input],
    taskQueue: definition.taskQueue,
    workflowExecutionTimeout: definition.executionTimeout,
    staticSummary: definition.note,
    priority: { priorityKey: definition.priorityKey },
  };
  return {
    spec: { cronExpressions: [definition.cron], jitter: definition.jitter, timezone: 'UTC' },
    action,
    policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: definition.catchupWindow },
  } satisfies Omit<ScheduleOptions, 'scheduleId'>;
}

interface AppliedSchedule {
  id: string;
  outcome: 'created' | 'updated';
  paused: boolean;
}

/**
 * Creates missing schedules and updates existing ones. Pauses, notes, `pauseOnFailure` and schedules that are
 * not Almanac's stay as they are. Several processes may run it at once.
 */
export async function applySchedules(temporal: Client): Promise<AppliedSchedule[]> {
  const applied: AppliedSchedule[] = [];
  for (const definition of SCHEDULE_DEFINITIONS) applied.push(await applySchedule(temporal, definition));
  return applied;
}

async function applySchedule(temporal: Client, definition: ScheduleDefinition): Promise<AppliedSchedule> {
  const options = toOptions(definition);
  try {
    await temporal.schedule.create({
      ...options,
      scheduleId: definition.id,
      state: { note: definition.note },
    });
    return { id: definition.id, outcome: 'created', paused: false };
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
  let paused = false;
  await temporal.schedule.getHandle(definition.id).update((previous) => {
    paused = previous.state.paused;
    const { pauseOnFailure } = previous.policies;
    return { ...options, policies: { ...options.policies, pauseOnFailure }, state: previous.state };
  });
  return { id: definition.id, outcome: 'updated', paused };
}

interface ScheduleState {
  id: string;
  /** Whether the schedule exists. If not, `almanac schedules apply` creates it. */
  exists: boolean;
  cron: string;
  workflowType: string;
  paused: boolean;
  note?: string;
  nextStartAt?: string;
  lastStartedAt?: string;
  running: string[];
}

/** Every schedule that Almanac defines, including missing ones. */
export async function listSchedules(temporal: Client): Promise<ScheduleState[]> {
  return Promise.all(
    SCHEDULE_DEFINITIONS.map(async ({ id, cron, workflowType }) => {
      const description = await describe(temporal, id);
      if (!description) return { id, exists: false, cron, workflowType, paused: false, running: [] };
      const { state, info } = description;
      return {
        id,
        exists: true,
        cron,
        workflowType,
        paused: state.paused,
        note: state.note,
        nextStartAt: state.paused ? undefined : info.nextActionTimes[0]?.toISOString(),
        lastStartedAt: info.recentActions.at(-1)?.takenAt.toISOString(),
        running: info.runningActions.map(({ workflow }) => workflow.workflowId),
      };
    }),
  );
}

async function describe(temporal: Client, id: string): Promise<ScheduleDescription | undefined> {
  try {
    return await temporal.schedule.getHandle(id).describe();
  } catch (error) {
    if (error instanceof ScheduleNotFoundError) return undefined;
    throw error;
  }
}

export type ScheduleAction = 'pause' | 'resume' | 'trigger' | 'delete';

/** @throws InvalidInputError when `id` is not one of Almanac's schedules. */
export function requireScheduleId(id: string): ScheduleId {
  const known = SCHEDULE_DEFINITIONS.find((definition) => definition.id === id);
  if (known) return known.id;
  const ids = SCHEDULE_DEFINITIONS.map((definition) => definition.id);
  throw new InvalidInputError('schedule', `must be one of ${ids.join(', ')}`);
}

/**
 * Pauses, resumes, triggers or deletes one schedule. A trigger during a run is skipped, like a tick.
 * @throws NotFoundError when the schedule has not been applied.
 */
export async function changeSchedule(
  temporal: Client,
  id: ScheduleId,
  action: ScheduleAction,
): Promise<void> {
  const handle = temporal.schedule.getHandle(id);
  try {
    if (action === 'pause') await handle.pause('Paused by Almanac.');
    if (action === 'resume') await handle.unpause(noteOf(id));
    if (action === 'trigger') await handle.trigger(ScheduleOverlapPolicy.SKIP);
    if (action === 'delete') await handle.delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
    throw new NotFoundError(`There is no schedule ${id}.`, {
      remedy: { action: RemedyAction.applySchedules },
    });
  }
}

function noteOf(id: ScheduleId): string | undefined {
  return SCHEDULE_DEFINITIONS.find((definition) => definition.id === id)?.note;
}
