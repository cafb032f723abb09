import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { SyncFanOutResult } from '../../contracts/fan-out-results.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';
import {
  countListings,
  countRuns,
  fanOutFigures,
  listingsOf,
  MOST_HISTORY_BYTES,
  MOST_HISTORY_EVENTS,
  MOST_PENDING_CHILDREN,
  postpone,
  seedWorkspaces,
  type SeededWorkspace,
  TEST_TIMEOUT_MS,
  whileHeld,
  WORKSPACES,
} from '../support/scale.ts';

const BUSY = 3;
const OTHERS = 20;
const POLL = { interval: 50, timeout: TEST_TIMEOUT_MS };

let stack: WorkflowStack;
let busy: SeededWorkspace[];
let due: SeededWorkspace[];
let idle: SeededWorkspace[];
let newcomers: SeededWorkspace[];
let leavers: SeededWorkspace[];
let coordinatorId: string;
let startedAt: Date;
/** Entering a workspace takes a listing of its own. */
let newcomersEnteredAt: Date;
let tick: SyncFanOutResult;
let nextTick: SyncFanOutResult;

/** A tick over everything that is due, while syncs are running and workspaces come and go; then the next tick. */
async function runTicks(): Promise<void> {
  const running = await whileHeld(stack, busy, async () => {
    const handles = await Promise.all(busy.map(({ id }) => stack.startSync({ workspaceId: id })));
    const coordinator = await stack.startFanOut({ source: 'schedule' });
    coordinatorId = coordinator.workflowId;
    await vi.waitUntil(async () => (await countRuns(stack, due)) > WORKSPACES / 8, POLL);
    await stack.database.workspace.deleteMany({ where: { id: { in: leavers.map(({ id }) => id) } } });
    newcomers = await seedWorkspaces(stack, 'm-new', OTHERS);
    newcomersEnteredAt = new Date();
    tick = await coordinator.result();
    return handles;
  });
  await Promise.all(running.map((handle) => handle.result()));
  // The test may run across a tick: what has been synced comes due with none.
  await postpone(stack, [...due, ...busy]);
  nextTick = await (await stack.startFanOut({ source: 'schedule' })).result();
}

beforeAll(async () => {
  stack = await startServedStack();
  busy = await seedWorkspaces(stack, 'a-busy', BUSY);
  due = await seedWorkspaces(stack, 'm-due', WORKSPACES);
  idle = await seedWorkspaces(stack, 'm-idle', OTHERS);
  // Last in ID order, so that they are still to come when they go.
  leavers = await seedWorkspaces(stack, 'z-leaver', OTHERS);
  await postpone(stack, idle);
  startedAt = new Date();
  await runTicks();
}, TEST_TIMEOUT_MS * 2);
afterAll(() => stack.close());

describe(`a tick over ${WORKSPACES} workspaces`, () => {
  it('asks Google once for each workspace that is due', async () => {
    expect(listingsOf(await countListings(stack, startedAt), due)).toEqual([1]);
    expect(await countRuns(stack, due)).toBe(WORKSPACES);
  });

  it('does not start a workspace that is not due', async () => {
    expect(listingsOf(await countListings(stack, startedAt), idle)).toEqual([0]);
    expect(await countRuns(stack, idle)).toBe(0);
  });

  it('skips workspaces whose sync is running, which that sync brings up to date', async () => {
    expect(tick).toMatchObject({ skipped: BUSY, failed: 0 });
    expect(listingsOf(await countListings(stack, startedAt), busy)).toEqual([1]);
  });

  it('syncs workspaces that come meanwhile once, with it or with the next', async () => {
    expect(listingsOf(await countListings(stack, newcomersEnteredAt), newcomers)).toEqual([1]);
    expect(await countRuns(stack, newcomers)).toBe(OTHERS);
    expect(nextTick).toMatchObject({ skipped: 0, failed: 0 });
  });

  it('leaves out workspaces that go meanwhile', async () => {
    expect(listingsOf(await countListings(stack, startedAt), leavers)).toEqual([0]);
  });

  it('keeps histories and pending children bounded, and costs a start and an activity each', async () => {
    const figures = await fanOutFigures(stack, coordinatorId, tick.succeeded);
    expect(figures.mostHistoryEvents).toBeLessThanOrEqual(MOST_HISTORY_EVENTS);
    expect(figures.mostHistoryBytes).toBeGreaterThan(0);
    expect(figures.mostHistoryBytes).toBeLessThanOrEqual(MOST_HISTORY_BYTES);
    expect(figures.mostPendingChildren).toBeGreaterThan(1);
    expect(figures.mostPendingChildren).toBeLessThanOrEqual(MOST_PENDING_CHILDREN);
    expect(figures.childActions).toBe(2);
  });
});
