import type { WorkflowHandle } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeDeployment } from '../../client/worker-deployment.ts';
import { deploymentOptions } from '../../worker/worker-deployment.ts';
import { bundleChangedWorkflows } from '../support/changed-workflows.ts';
import { startOwnTemporal, withWorkers } from '../support/temporal.ts';
import { startWorkflowStack, type WorkflowStack } from '../support/workflow-stack.ts';

const DEPLOYMENT = 'almanac';
/** Long enough for builds to come and go meanwhile. */
const SLOW_PAGE_MS = 1_500;
/** The server takes a second or two to route tasks to another build. */
const VERY_SLOW_PAGE_MS = 5_000;
/** Length of the timer that tells the builds apart. */
const TIMER_MS = 10;
const SETTLING = { timeout: 30_000, interval: 100 };

interface Build {
  /** Default: the workflows as they are. */
  workflowBundle?: { code: string };
  connection?: NativeConnection;
  /** With one, worker versioning is on. */
  buildId?: string;
}

let stack: WorkflowStack;
/** Two builds never share a process, and cannot share a connection. */
let otherConnection: NativeConnection;
/** Builds whose syncs begin with a timer that the build before did not have. */
let patchedBuild: Build;
let carelessBuild: Build;

async function buildWith(timer: string): Promise<Build> {
  const workflowBundle = await bundleChangedWorkflows({
    file: 'sync-workspace.ts',
    edit: (source) =>
      `import { patched, sleep } from '@temporalio/workflow';\n${source}`.replace(
        'nameRun(workspaceId, startMode);',
        `nameRun(workspaceId, startMode); ${timer}`,
      ),
  });
  return { workflowBundle, connection: otherConnection };
}

beforeAll(async () => {
  stack = await startWorkflowStack(() => startOwnTemporal({}));
  otherConnection = await NativeConnection.connect({ address: stack.temporal.address });
  patchedBuild = await buildWith(`if (patched('timer')) await sleep(${TIMER_MS});`);
  carelessBuild = await buildWith(`await sleep(${TIMER_MS}); patched('unused');`);
});
afterAll(async () => {
  await otherConnection.close();
  await stack.close();
});

/** Runs `work` while workers of a build serve. */
function serve<T>({ workflowBundle, connection, buildId }: Build, work: () => Promise<T>): Promise<T> {
  const versioned = { TEMPORAL_DEPLOYMENT_NAME: DEPLOYMENT, TEMPORAL_WORKER_BUILD_ID: buildId };
  const deployment = buildId === undefined ? {} : deploymentOptions(versioned);
  const worker = { ...deployment, ...(connection && { connection }) };
  const options = { activities: stack.activities, worker, ...(workflowBundle && { workflowBundle }) };
  return withWorkers(stack.temporal, options, work);
}

/** Starts a sync that is still waiting for its page when this returns. */
async function startSlowSync(workspaceId: string, delayMs = SLOW_PAGE_MS): Promise<WorkflowHandle> {
  const google = `${workspaceId}@example.com`;
  await stack.connect(workspaceId, google);
  await stack.google.addFault({ match: { calendarId: google }, times: 1, delayMs });
  const handle = await stack.startSync({ workspaceId });
  await expect.poll(async () => (await eventsOf(handle)).activities, SETTLING).toContain('pullEventsPage');
  return handle;
}

async function eventsOf(handle: WorkflowHandle) {
  const { events } = await handle.fetchHistory();
  const all = events ?? [];
  return {
    activities: all.flatMap((event) => event.activityTaskScheduledEventAttributes?.activityType?.name ?? []),
    // Those of the changed builds; a sync waits by another one for its calendar list.
    timers: all.filter(
      ({ timerStartedEventAttributes: timer }) => timer?.startToFireTimeout?.nanos === TIMER_MS * 1_000_000,
    ).length,
    failures: all.flatMap((event) => event.workflowTaskFailedEventAttributes?.failure?.message ?? []),
    builds: all.flatMap(
      (event) => event.workflowTaskCompletedEventAttributes?.deploymentVersion?.buildId ?? [],
    ),
  };
}

async function syncOnce(workspaceId: string) {
  const handle = await stack.startSync({ workspaceId });
  expect(await handle.result()).toMatchObject({ success: true });
  return eventsOf(handle);
}

describe('a change of a workflow, without worker versioning', () => {
  it('leaves a run of the old build as it was, and takes hold of new ones', async () => {
    const begun = await serve({}, () => startSlowSync('patched'));
    await serve(patchedBuild, async () => {
      expect(await begun.result()).toMatchObject({ success: true });
      expect(await eventsOf(begun)).toMatchObject({ timers: 0, failures: [] });
      expect(await syncOnce('patched')).toMatchObject({ timers: 1, failures: [] });
    });
  });

  it('stops a run of the old build where it is not patched, until a build that knows it is back', async () => {
    const begun = await serve({}, () => startSlowSync('careless'));
    await serve(carelessBuild, () =>
      expect
        .poll(async () => (await eventsOf(begun)).failures.join(), SETTLING)
        .toMatch(/Nondeterminism error/),
    );
    await serve({}, async () => expect(await begun.result()).toMatchObject({ success: true }));
  });

  it('is served by both builds side by side', async () => {
    const workspaceIds = Array.from({ length: 8 }, (_, index) => `mixed-${index}`);
    for (const id of workspaceIds) await stack.connect(id, `${id}@example.com`);
    await serve({}, () =>
      serve(patchedBuild, async () => {
        const runs = await Promise.all(workspaceIds.map((id) => syncOnce(id)));
        expect(runs.flatMap(({ failures }) => failures)).toEqual([]);
      }),
    );
  });
});

describe('a change of a workflow, with worker versioning', () => {
  const oldBuild: Build = { buildId: 'old' };
  const newBuild = (): Build => ({ ...patchedBuild, buildId: 'new' });

  /** Same as `temporal worker deployment set-current-version`; refused until workers of the build poll. */
  async function makeCurrent(buildId: string): Promise<void> {
    const { workflowService } = stack.temporal.client;
    const { namespace } = stack.temporal;
    const request = { namespace, deploymentName: DEPLOYMENT, buildId };
    await expect
      .poll(
        () => workflowService.setWorkerDeploymentCurrentVersion(request).then(() => 'set', String),
        SETTLING,
      )
      .toBe('set');
    const deployment = await describeDeployment(stack.temporal.client, DEPLOYMENT);
    expect(deployment?.currentBuildId).toBe(buildId);
  }

  it('reaches workflows when its build is made current: those that run, and new ones', async () => {
    await stack.connect('versioned', 'versioned@example.com');
    await serve(oldBuild, () =>
      serve(newBuild(), async () => {
        await makeCurrent('old');
        const before = await syncOnce('versioned');
        expect(before).toMatchObject({ timers: 0, failures: [] });
        expect(new Set(before.builds)).toEqual(new Set(['old']));

        const running = await startSlowSync('long', VERY_SLOW_PAGE_MS);
        await makeCurrent('new');
        expect(await running.result()).toMatchObject({ success: true });
        const moved = await eventsOf(running);
        expect(moved).toMatchObject({ timers: 0, failures: [] });
        expect([moved.builds.at(0), moved.builds.at(-1)]).toEqual(['old', 'new']);

        const after = await syncOnce('versioned');
        expect(after).toMatchObject({ timers: 1, failures: [] });
        expect(new Set(after.builds)).toEqual(new Set(['new']));

        await makeCurrent('old');
        expect(new Set((await syncOnce('versioned')).builds)).toEqual(new Set(['old']));
      }),
    );
  });
});
