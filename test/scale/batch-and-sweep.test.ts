import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MAX_WORKSPACE_IDS } from '../../contracts/limits.ts';
import { PriorityKey } from '../../contracts/priorities.ts';
import { calendarSyncWorkflowId } from '../../contracts/workflow-ids.ts';
import { startServedStack, type WorkflowStack } from '../support/workflow-stack.ts';
import {
  countListings,
  fanOutFigures,
  listingsOf,
  MOST_HISTORY_BYTES,
  MOST_HISTORY_EVENTS,
  MOST_PENDING_CHILDREN,
  postpone,
  seedWorkspaces,
  type SeededWorkspace,
  TEST_TIMEOUT_MS,
  WORKSPACES,
} from '../support/scale.ts';

/** One child in this many is described for its priority: listings leave it out. */
const PRIORITY_EVERY = 20;

let stack: WorkflowStack;
let workspaces: SeededWorkspace[];

beforeAll(async () => {
  stack = await startServedStack();
  workspaces = await seedWorkspaces(stack, 'w', WORKSPACES);
  await postpone(stack, workspaces);
}, TEST_TIMEOUT_MS);
afterAll(() => stack.close());

async function expectBounded(rootId: string, children: number): Promise<void> {
  const { mostHistoryEvents, mostHistoryBytes, mostPendingChildren } = await fanOutFigures(
    stack,
    rootId,
    children,
  );
  expect(mostHistoryEvents).toBeLessThanOrEqual(MOST_HISTORY_EVENTS);
  expect(mostHistoryBytes).toBeLessThanOrEqual(MOST_HISTORY_BYTES);
  expect(mostPendingChildren).toBeLessThanOrEqual(MOST_PENDING_CHILDREN);
}

describe('a batch', () => {
  it(
    'syncs each workspace of a long list once, however often it is named, and no other',
    async () => {
      const chosen = workspaces.slice(0, Math.min(MAX_WORKSPACE_IDS, WORKSPACES) - 20);
      const ids = chosen.map(({ id }) => id);
      const startedAt = new Date();
      const workspaceIds = [...ids, ...ids.slice(0, 20)];
      const fanOut = await stack.startFanOut({ source: 'api', workspaceIds });
      expect(await fanOut.result()).toMatchObject({ succeeded: chosen.length, failed: 0, skipped: 0 });
      const listings = await countListings(stack, startedAt);
      expect(listingsOf(listings, chosen)).toEqual([1]);
      expect(listingsOf(listings, workspaces.slice(chosen.length))).toEqual([0]);
      await expectBounded(fanOut.workflowId, chosen.length);
    },
    TEST_TIMEOUT_MS,
  );
});

describe('a sweep', () => {
  it(
    'lists every workspace anew, due or not, at the lowest priority',
    async () => {
      const startedAt = new Date();
      const fanOut = await stack.startFanOut({ mode: 'full', all: true, source: 'manual' });
      expect(await fanOut.result()).toMatchObject({ succeeded: WORKSPACES, failed: 0, skipped: 0 });
      expect(listingsOf(await countListings(stack, startedAt), workspaces)).toEqual([1]);
      const requests = await stack.google.requests({ since: startedAt.toISOString() });
      expect(requests.filter(({ query }) => query.syncToken !== undefined)).toEqual([]);
      await expectBounded(fanOut.workflowId, WORKSPACES);

      const priorities = new Set<number | undefined>();
      for (const { id } of workspaces.filter((_, index) => index % PRIORITY_EVERY === 0)) {
        const child = stack.temporal.client.workflow.getHandle(calendarSyncWorkflowId(id));
        priorities.add((await child.describe()).priority?.priorityKey);
      }
      expect([...priorities]).toEqual([PriorityKey.sweep]);
    },
    TEST_TIMEOUT_MS,
  );
});
