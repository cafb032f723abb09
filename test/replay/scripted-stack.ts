import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import type { FailureType } from '../../contracts/failure-types.ts';
import { TaskQueue } from '../../contracts/task-queues.ts';
import type { WorkflowType } from '../../contracts/workflow-types.ts';
import { startOwnTemporal, withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';
import { recordHistory } from './recorder.ts';

type Activities = WorkflowStack['activities'];
/** Scripted answers of activities. The real ones replace those that it leaves out. */
export type Script = Partial<Activities>;

export const CALENDAR = '00000000-0000-4000-8000-00000000000c';
export const ACCOUNT = '00000000-0000-4000-8000-00000000000a';
export const RUN = '00000000-0000-4000-8000-0000000000c1';

/** A failure as activities report it. */
export function failure(type: FailureType, ...details: unknown[]): ApplicationFailure {
  return ApplicationFailure.create({ type, message: 'Scripted.', nonRetryable: true, details });
}

/** Something that activities wait for until it is let go. */
export function createGate() {
  let open = (): void => undefined;
  let arrive = (): void => undefined;
  const opened = new Promise<void>((resolve) => (open = resolve));
  const arrived = new Promise<void>((resolve) => (arrive = resolve));
  return {
    open,
    /** Settles when an activity has come to it. */
    arrived,
    pass: () => {
      arrive();
      return opened;
    },
  };
}

export interface ScriptedStack extends WorkflowStack {
  /** From here on activities answer so. */
  follow(script: Script): void;
  start(type: WorkflowType, workflowId: string, input?: unknown): Promise<WorkflowHandle>;
  handleOf(workflowId: string): WorkflowHandle;
  record(name: string, handle: WorkflowHandle): Promise<void>;
}

/**
 * A stack whose activities follow a script, for paths that the real ones come to once in a blue moon. Server, workers
 * and workflows are real, and so are the histories.
 */
export async function startScriptedStack(dynamicConfig: Record<string, string> = {}): Promise<ScriptedStack> {
  const stack = await startWorkflowStack(() => startOwnTemporal(dynamicConfig));
  let script: Script = {};
  const activities = Object.fromEntries(
    Object.entries(stack.activities).map(([name, real]) => [
      name,
      (...args: unknown[]) => {
        const scripted = Object.entries(script).find(([key]) => key === name)?.[1];
        return ((scripted ?? real) as (...input: unknown[]) => unknown)(...args);
      },
    ]),
  );
  let stop = (): void => undefined;
  const serving = withWorkers(
    stack.temporal,
    { activities },
    () => new Promise<void>((resolve) => (stop = resolve)),
  );
  const { workflow } = stack.temporal.client;
  return {
    ...stack,
    follow: (next) => (script = next),
    start: async (type, workflowId, input) =>
      workflow.start(type, {
        taskQueue: TaskQueue.calendarSync,
        workflowId,
        args: input === undefined ? [] : [input],
      }),
    handleOf: (workflowId) => workflow.getHandle(workflowId),
    record: (name, handle) => recordHistory(name, handle, stack),
    async close() {
      stop();
      await serving;
      await stack.close();
    },
  };
}
