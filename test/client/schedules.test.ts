import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidInputError, NotFoundError } from '../../services/errors.ts';
import { SCHEDULE_DEFINITIONS } from '../../client/schedule-definitions.ts';
import { applySchedules, changeSchedule, listSchedules, requireScheduleId } from '../../client/schedules.ts';
import { ScheduleId } from '../../contracts/workflow-types.ts';
import { connectTestTemporal, type TestTemporal } from '../support/temporal.ts';

const MINUTE_MS = 60_000;
const TICK = ScheduleId.calendarProviderSync;

let temporal: TestTemporal;
beforeAll(async () => {
  temporal = await connectTestTemporal();
});
afterAll(() => temporal.close());

const describeTick = () => temporal.client.schedule.getHandle(TICK).describe();
const tickOf = async () => (await listSchedules(temporal.client)).find(({ id }) => id === TICK);

describe('before they are applied', () => {
  it('are listed as missing', async () => {
    const listed = await listSchedules(temporal.client);
    expect(listed.map(({ id, exists }) => [id, exists])).toEqual(
      SCHEDULE_DEFINITIONS.map(({ id }) => [id, false]),
    );
  });

  it('cannot be paused, and say what to do', async () => {
    const pausing = changeSchedule(temporal.client, TICK, 'pause');
    await expect(pausing).rejects.toThrow(NotFoundError);
    await expect(pausing).rejects.toMatchObject({ remedy: { action: 'apply-schedules' } });
  });
});

describe('applied schedules', () => {
  beforeEach(async () => {
    await applySchedules(temporal.client);
  });

  it('are updated by the next apply, not created twice', async () => {
    expect((await applySchedules(temporal.client)).map(({ outcome }) => outcome)).toEqual(
      SCHEDULE_DEFINITIONS.map(() => 'updated'),
    );
  });

  it('keep what an operator has set: to pause when a run fails', async () => {
    await temporal.client.schedule.getHandle(TICK).update((previous) => ({
      ...previous,
      policies: { ...previous.policies, pauseOnFailure: true },
    }));
    await applySchedules(temporal.client);
    expect((await describeTick()).policies).toMatchObject({ pauseOnFailure: true, overlap: 'SKIP' });
    await temporal.client.schedule.getHandle(TICK).update((previous) => ({
      ...previous,
      policies: { ...previous.policies, pauseOnFailure: false },
    }));
  });

  it('skip a start that meets a running one, and drop one that comes a period late', async () => {
    const { policies, action, spec } = await describeTick();
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 15 * MINUTE_MS });
    expect(spec.jitter).toBeGreaterThan(0);
    expect(action).toMatchObject({
      workflowType: 'syncAllWorkspaces',
      taskQueue: 'calendar-sync',
      args: [{ source: 'schedule' }],
      priority: { priorityKey: 3 },
    });
    const jitterMs = Number(spec.jitter);
    expect(Number(action.workflowExecutionTimeout) + jitterMs).toBeLessThan(15 * MINUTE_MS);
  });

  it('start at every quarter of an hour', async () => {
    const { info, spec } = await describeTick();
    const jitterMs = Number(spec.jitter);
    for (const at of info.nextActionTimes) expect(at.getTime() % (15 * MINUTE_MS)).toBeLessThan(jitterMs);
  });

  it('are restored to their definition after a manual change', async () => {
    await temporal.client.schedule.getHandle(TICK).update((previous) => ({
      ...previous,
      spec: { intervals: [{ every: '1 hour' }] },
      policies: { ...previous.policies, overlap: 'ALLOW_ALL' },
    }));
    await applySchedules(temporal.client);
    const { policies, spec } = await describeTick();
    expect(policies.overlap).toBe('SKIP');
    expect(spec.intervals ?? []).toEqual([]);
  });

  it('stay paused through an apply, with the note that says why', async () => {
    await temporal.client.schedule.getHandle(TICK).pause('Quota talks with Google');
    expect(await applySchedules(temporal.client)).toContainEqual({
      id: TICK,
      outcome: 'updated',
      paused: true,
    });
    expect(await tickOf()).toMatchObject({ paused: true, note: 'Quota talks with Google' });
    await changeSchedule(temporal.client, TICK, 'resume');
    expect(await tickOf()).toMatchObject({ exists: true, paused: false, nextStartAt: expect.any(String) });
  });

  it('start a run when triggered', async () => {
    await changeSchedule(temporal.client, TICK, 'trigger');
    await expect.poll(async () => (await describeTick()).info.recentActions.length).toBe(1);
    const [started] = (await describeTick()).info.recentActions;
    expect(started?.action.workflow.workflowId).toMatch(/^calendar-provider-sync-\d{4}-/);
  });

  it('are gone when deleted, and come back with the next apply', async () => {
    await changeSchedule(temporal.client, ScheduleId.calendarHorizonRoll, 'delete');
    await expect(changeSchedule(temporal.client, ScheduleId.calendarHorizonRoll, 'delete')).rejects.toThrow(
      NotFoundError,
    );
    expect(await applySchedules(temporal.client)).toContainEqual(
      expect.objectContaining({ id: ScheduleId.calendarHorizonRoll, outcome: 'created' }),
    );
  });

  it('are created once by two processes that apply at the same time', async () => {
    for (const { id } of SCHEDULE_DEFINITIONS) await changeSchedule(temporal.client, id, 'delete');
    const both = await Promise.all([applySchedules(temporal.client), applySchedules(temporal.client)]);
    expect(both.flat().filter(({ outcome }) => outcome === 'created')).toHaveLength(
      SCHEDULE_DEFINITIONS.length,
    );
  });
});

it('knows its schedules by name', () => {
  expect(requireScheduleId(TICK)).toBe(TICK);
  expect(() => requireScheduleId('other')).toThrow(InvalidInputError);
});
