import type { temporal as proto } from '@temporalio/proto';
import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlmanacClient, createAlmanacClient } from '../../client/almanac-client.ts';
import { SCHEDULE_DEFINITIONS } from '../../client/schedule-definitions.ts';
import { applySchedules } from '../../client/schedules.ts';
import { createEventWriteClient } from '../../client/event-writes.ts';
import { eventWriteWorkflowId, smartScheduleWorkflowId } from '../../contracts/workflow-ids.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

/** Google's ID of the calendar: an e-mail address, as it often is. */
const GOOGLE = 'planted@example.com';
const TITLE = 'Planted title';

let stack: WorkflowStack;
let almanac: AlmanacClient;
let calendarId: string;

beforeAll(async () => {
  stack = await startServedStack();
  almanac = createAlmanacClient({ temporal: stack.temporal.client, database: stack.database });
  await stack.connect('shown', GOOGLE);
  await stack.database.workspace.update({ where: { id: 'shown' }, data: { writing: true } });
  await stack.google.insertEvent(GOOGLE, {
    summary: TITLE,
    start: { dateTime: '2026-12-15T09:00:00Z' },
    end: { dateTime: '2026-12-15T10:00:00Z' },
  });
});
afterAll(() => stack.close());

interface Run {
  workflowId: string;
  /** Default: the latest. */
  runId?: string;
}

const handleOf = ({ workflowId, runId }: Run) => stack.temporal.client.workflow.getHandle(workflowId, runId);

/** Summary of a run, and its details as they were last. */
async function shownOf(run: Run) {
  const handle = handleOf(run);
  const { staticSummary } = await handle.describe();
  const metadata = await handle.query<proto.api.sdk.v1.IWorkflowMetadata>('__temporal_workflow_metadata');
  return { summary: await staticSummary(), details: metadata.currentDetails };
}

/** Summaries of the steps of a run. */
async function stepsOf(run: Run): Promise<string[]> {
  const { events } = await handleOf(run).fetchHistory();
  return (events ?? []).flatMap(({ userMetadata }) =>
    userMetadata?.summary == null ? [] : [defaultPayloadConverter.fromPayload<string>(userMetadata.summary)],
  );
}

describe('the Web UI', () => {
  it('shows what a sync does, for which workspace, and how far it is', async () => {
    const run = await almanac.requestSync({ workspaceId: 'shown', mode: 'full' });
    await almanac.waitForSync(run);
    ({ id: calendarId } = await stack.database.calendar.findFirstOrThrow());
    const { summary, details } = await shownOf(run);
    expect(summary).toBe('Sync of shown, full');
    expect(details).toMatch(/^Pass \d: \d of 1 calendars\. Pages: \d/);
    expect(await stepsOf(run)).toContain(`${calendarId} full part 0`);
  });

  it('shows the share of a partition, and the counts of a fan-out', async () => {
    const run = await almanac.syncAll({ all: true });
    await almanac.waitForSyncAll(run);
    expect(await shownOf(run)).toEqual({
      summary: 'Fan-out of the sync, incremental',
      details: '1 of 1 partitions have ended. Workspaces: 1 succeeded, 0 failed, 0 skipped, of 1',
    });
    expect(await stepsOf(run)).toContain('Partition of 1 workspaces');
  });

  it('shows that a plan waits for a sync', async () => {
    await stack.google.addFault({ match: { calendarId: GOOGLE }, times: 1, delayMs: 1_500 });
    const sync = await almanac.requestSync({ workspaceId: 'shown' });
    const plan = await almanac.requestPlan({ workspaceId: 'shown', mode: 'apply' });
    await almanac.waitForPlan(plan);
    await almanac.waitForSync(sync);
    expect(plan.workflowId).toBe(smartScheduleWorkflowId('shown'));
    expect((await shownOf(plan)).summary).toBe('Plan of shown, apply');
    const steps = await stepsOf(plan);
    for (const step of [
      'until the running sync may have ended',
      'Sync of shown, incremental',
      'apply, round 1 of 3 at most',
    ])
      expect(steps).toContain(step);
  });

  it('shows the outcomes of writes', async () => {
    const write = { operation: 'create', calendarId, title: TITLE, start: '2026-12-15T12:00:00Z' } as const;
    const batchId = await beginWrites(stack.database, 'shown', [{ ...write, end: '2026-12-15T13:00:00Z' }]);
    await createEventWriteClient(stack.temporal.client).makeWrites({ workspaceId: 'shown', batchId });
    expect(await shownOf({ workflowId: eventWriteWorkflowId('shown', batchId) })).toEqual({
      summary: 'Writes of events of shown',
      details: 'Writes: 1 of 1 have their outcome',
    });
  });

  it('shows with the runs of a schedule what it is for', async () => {
    await applySchedules(stack.temporal.client);
    for (const { id, note } of SCHEDULE_DEFINITIONS) {
      const { action } = await stack.temporal.client.schedule.getHandle(id).describe();
      expect(action).toMatchObject({ staticSummary: note });
    }
  });

  it('shows neither titles nor the ID of a calendar at Google', async () => {
    const shown: string[] = [];
    for await (const run of stack.temporal.client.workflow.list()) {
      const { summary = '', details } = await shownOf(run);
      shown.push(summary, details ?? '', ...(await stepsOf(run)));
    }
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((text) => /planted/i.test(text))).toEqual([]);
  });
});
