import { randomUUID } from 'node:crypto';
import { MockActivityEnvironment } from '@temporalio/testing';
import type { PullPartInput, PullPartResult } from '../../contracts/sync-activities.ts';
import type { SyncStack } from './sync-stack.ts';

/** One workflow run as activities see it. */
export interface FakeRun {
  workspaceId: string;
  runId: string;
  runStartedAt: string;
}

let startedRuns = 0;

/** A later call is a later run. */
export function newRun(workspaceId = 'acme'): FakeRun {
  startedRuns += 1;
  return { workspaceId, runId: randomUUID(), runStartedAt: new Date(Date.now() + startedRuns).toISOString() };
}

/** Runs an activity with the context that Temporal would give it. */
export async function runActivity<Input, Result>(
  activity: (input: Input) => Promise<Result>,
  input: Input,
  { run = newRun(), attempt = 1 }: { run?: FakeRun; attempt?: number } = {},
): Promise<Result> {
  const environment = new MockActivityEnvironment({
    attempt,
    workflowExecution: { workflowId: `calendar-sync/${run.workspaceId}`, runId: run.runId },
  });
  return environment.run(activity, input);
}

type PageOptions = Partial<PullPartInput> & { run?: FakeRun; attempt?: number };

/** Pulls one page of a calendar. */
export async function pullPage(
  stack: SyncStack,
  calendarId: string,
  { run = newRun(), attempt = 1, ...input }: PageOptions = {},
): Promise<PullPartResult> {
  return runActivity(
    stack.activities.pullEventsPage,
    {
      workspaceId: run.workspaceId,
      runStartedAt: run.runStartedAt,
      source: 'manual',
      correlationId: run.runId,
      calendarId,
      mode: 'incremental',
      listing: 0,
      page: 0,
      pageToken: null,
      tokenExpired: false,
      confirmEmpty: false,
      ...input,
    },
    { run, attempt },
  );
}

/**
 * Pulls page after page, as the workflow does, until one is not followed by another. Returns the last. Unless
 * `confirmEmpty` is given, a listing that lacks too much to be believed is made a second time.
 */
export async function pullAll(
  stack: SyncStack,
  calendarId: string,
  options: PageOptions = {},
): Promise<PullPartResult> {
  const run = options.run ?? newRun();
  let result = await pullPage(stack, calendarId, { ...options, run });
  for (let page = 1; result.outcome === 'more'; page += 1) {
    const { mode, nextPageToken: pageToken } = result;
    result = await pullPage(stack, calendarId, { ...options, run, mode, page, pageToken });
  }
  if (result.outcome !== 'suspiciously-empty' || options.confirmEmpty !== undefined) return result;
  return pullAll(stack, calendarId, {
    ...options,
    run,
    listing: (options.listing ?? 0) + 1,
    confirmEmpty: true,
  });
}
