import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { countActions } from '../../bench/support/billed-actions.ts';
import type { FanOutProgress } from '../../contracts/fan-out.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import { WORKSPACE_ID_ATTRIBUTE } from '../../contracts/search-attributes.ts';
import { PROGRESS_QUERY } from '../../contracts/sync.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { expectMirrorEqualsGoogle } from '../support/mirror.ts';
import { postponeSynced } from '../support/scale.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';

let stack: WorkflowStack;

beforeAll(async () => {
  stack = await startServedStack();
});
afterAll(() => stack.close());

const lunch = {
  summary: 'Lunch',
  start: { dateTime: '2026-12-01T12:00:00Z' },
  end: { dateTime: '2026-12-01T13:00:00Z' },
};

async function connect(prefix: string, count: number): Promise<{ id: string; google: string }[]> {
  const workspaces = Array.from({ length: count }, (_, index) => ({
    id: `${prefix}-${index}`,
    google: `${prefix}-${index}@example.com`,
  }));
  for (const { id, google } of workspaces) await stack.connect(id, google);
  return workspaces;
}

/** Makes everything due, or nothing but what is listed. */
async function makeDue(workspaceIds?: string[]): Promise<void> {
  const later = new Date(Date.now() + 3_600_000);
  await stack.database.calendarSyncState.updateMany({ data: { nextSyncAt: later } });
  await stack.database.calendarAuthToken.updateMany({ data: { calendarListDueAt: later } });
  await stack.database.calendarSyncState.updateMany({
    where: workspaceIds ? { workspaceId: { in: workspaceIds } } : {},
    data: { nextSyncAt: new Date(0) },
  });
}

async function fanOut(input?: unknown) {
  return (await stack.startFanOut(input)).result();
}

async function runs(workspaceId: string): Promise<number> {
  return stack.database.workspaceCalendarSyncLog.count({ where: { workspaceId } });
}

describe('the fan-out', () => {
  it('syncs every workspace that is due, once, and no other', async () => {
    const workspaces = await connect('due', 5);
    expect(await fanOut()).toMatchObject({ succeeded: 5, failed: 0, skipped: 0, calendars: 5 });
    expect(await fanOut()).toMatchObject({ succeeded: 0, failed: 0, skipped: 0 });

    await stack.google.insertEvent(workspaces[1]!.google, lunch);
    await makeDue([workspaces[1]!.id, workspaces[3]!.id]);
    expect(await fanOut()).toMatchObject({ succeeded: 2, upserted: 1 });
    expect(await Promise.all(workspaces.map(({ id }) => runs(id)))).toEqual([1, 2, 1, 2, 1]);
    await expectMirrorEqualsGoogle(stack, workspaces[1]!.google);
  });

  it('starts nothing on an idle tick, which looks once and ends', async () => {
    await connect('idle', 3);
    await fanOut();
    const tick = await stack.startFanOut();
    expect(await tick.result()).toMatchObject({ succeeded: 0, failed: 0, skipped: 0 });
    const { events } = await tick.fetchHistory();
    expect((events ?? []).some((event) => event.startChildWorkflowExecutionInitiatedEventAttributes)).toBe(
      false,
    );
    // Its start and one activity are all that Temporal Cloud would bill, however many workspaces there are.
    expect(countActions(events ?? [])).toBe(2);
  });

  it('skips a workspace whose sync is already running, and counts it', async () => {
    const [busy, free] = await connect('skip', 2);
    await fanOut();
    await makeDue([busy!.id, free!.id]);
    await stack.google.addFault({ match: { calendarId: busy!.google }, times: 1, delayMs: 2_000 });
    const running = await stack.startSync({ workspaceId: busy!.id });
    expect(await fanOut()).toMatchObject({ succeeded: 1, failed: 0, skipped: 1 });
    await running.result();
  });

  it('goes on when a child fails, and names some that did', async () => {
    const [broken, fine] = await connect('fail', 2);
    await fanOut();
    await makeDue([broken!.id, fine!.id]);
    await stack.google.addFault({
      match: { calendarId: broken!.google },
      times: 9,
      status: 403,
      reason: 'forbidden',
    });
    const result = await fanOut();
    await stack.google.clearFaults();
    expect(result).toMatchObject({
      succeeded: 1,
      failed: 1,
      sampleFailures: [{ workspaceId: broken!.id, error: FailureType.googleForbidden }],
    });
  });

  it('syncs the workspaces it is given, due or not', async () => {
    const [first, second] = await connect('batch', 2);
    await fanOut({ workspaceIds: [first!.id, second!.id] });
    const result = await fanOut({ workspaceIds: [first!.id, first!.id, 'batch-nobody'], source: 'api' });
    expect(result).toMatchObject({
      succeeded: 1,
      failed: 1,
      sampleFailures: [{ workspaceId: 'batch-nobody', error: FailureType.workspaceNotFound }],
    });
    expect(await runs(first!.id)).toBe(2);
    expect(await runs(second!.id)).toBe(1);
  });

  it('lists everything anew in full mode', async () => {
    const [workspace] = await connect('full', 1);
    await fanOut();
    await fanOut({ workspaceIds: [workspace!.id], mode: 'full' });
    const log = await stack.database.workspaceCalendarSyncLog.findMany({
      where: { workspaceId: workspace!.id },
      orderBy: { id: 'asc' },
    });
    expect(log.map(({ mode, source }) => `${mode} ${source}`)).toEqual(['full schedule', 'full schedule']);
    const child = stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId(workspace!.id));
    const { type, typedSearchAttributes } = await child.describe();
    expect(type).toBe('fullSync');
    expect(typedSearchAttributes.get(WORKSPACE_ID_ATTRIBUTE)).toBe(workspace!.id);
  });

  it('goes round from the workspace that has been due for longest, and takes each once', async () => {
    const workspaces = await connect('round', 4);
    await fanOut();
    await makeDue(workspaces.map(({ id }) => id));
    const second = workspaces[1]!.id;
    await stack.database.calendarSyncState.updateMany({
      where: { workspaceId: second },
      data: { nextSyncAt: new Date(-1_000) },
    });
    const coordinator = await stack.startFanOut();
    expect(await coordinator.result()).toMatchObject({ succeeded: 4, failed: 0, skipped: 0 });
    const partition = `calendar-provider-sync/${coordinator.firstExecutionRunId}/partition/0`;
    const { events } = await stack.temporal.client.workflow.getHandle(partition).fetchHistory();
    const children = (events ?? []).flatMap(
      ({ startChildWorkflowExecutionInitiatedEventAttributes: child }) => child?.workflowId ?? [],
    );
    const order = [1, 2, 3, 0].map((index) => calendarSyncWorkflowId(workspaces[index]!.id));
    expect(children).toEqual(order);
    expect(await Promise.all(workspaces.map(({ id }) => runs(id)))).toEqual([2, 2, 2, 2]);
  });

  it('starts its children with the tick priority and the workspace as fairness key', async () => {
    const [workspace] = await connect('fair', 1);
    await fanOut();
    const child = stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId(workspace!.id));
    expect((await child.describe()).priority).toMatchObject({ priorityKey: 3, fairnessKey: workspace!.id });
  });

  it('leaves no workspace out when a partition is terminated and the next tick follows', async () => {
    const workspaces = await connect('stop', 3);
    await fanOut();
    await makeDue(workspaces.map(({ id }) => id));
    await stack.google.addFault({ match: { calendarId: workspaces[0]!.google }, times: 1, delayMs: 1_500 });
    const startedAt = new Date();
    const coordinator = await stack.startFanOut();
    const partition = `calendar-provider-sync/${coordinator.firstExecutionRunId}/partition/0`;
    const { workflow } = stack.temporal.client;
    await expect.poll(async () => (await runs(workspaces[2]!.id)) === 2, { timeout: 10_000 }).toBe(true);
    await workflow.getHandle(partition).terminate('test');
    expect(await coordinator.result()).toMatchObject({
      failed: 1,
      sampleFailures: [{ workspaceId: workspaces[2]!.id, error: FailureType.internal }],
    });
    await workflow.getHandle(calendarSyncWorkflowId(workspaces[0]!.id)).result();
    await postponeSynced(stack, startedAt);
    expect(await fanOut()).toMatchObject({ failed: 0, skipped: 0 });
    expect(await Promise.all(workspaces.map(({ id }) => runs(id)))).toEqual([2, 2, 2]);
  });

  it.each([
    [{ mode: 'sideways' }, 'mode'],
    [{ workspaceIds: [] }, 'workspaceIds'],
    [{ workspaceIds: ['a b'] }, 'workspaceIds'],
    [{ all: 'yes' }, 'all'],
    ['everything', 'workflow input'],
  ])('fails at once on %j, naming the field', async (input, field) => {
    await expect(fanOut(input)).rejects.toMatchObject({
      cause: { type: FailureType.invalidInput, message: expect.stringContaining(field) },
    });
  });

  it('tells on the way how far it has come', { tags: ['slow'] }, async () => {
    const workspaces = await connect('progress', 60);
    await fanOut();
    await makeDue(workspaces.map(({ id }) => id));
    // One at each end, and so in each partition, is held back until the others have been seen.
    for (const { google } of [workspaces[0]!, workspaces.at(-1)!]) {
      await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs: 15_000 });
    }
    const running = await stack.startFanOut();
    const progress = () => running.query<FanOutProgress>(PROGRESS_QUERY);
    const seen: FanOutProgress[] = [];
    while ((await running.describe()).status.name === 'RUNNING') seen.push(await progress());
    const onTheWay = seen.filter(
      ({ partitionsEnded, succeeded }) => partitionsEnded === 0 && succeeded >= 30,
    );
    expect(onTheWay.at(0)).toMatchObject({
      workspaces: 60,
      partitions: 2,
      calendars: onTheWay[0]?.succeeded,
    });
    expect(await running.result()).toMatchObject({ succeeded: 60, calendars: 60 });
    expect(await progress()).toMatchObject({ workspaces: 60, partitionsEnded: 2, succeeded: 60 });
  });
});
