import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { bundleWorkflows } from '../../worker/bundle-workflows.ts';
import * as workflows from '../../workflows/index.ts';
import { HISTORY_NAMES, readHistory } from './histories.ts';

let workflowBundle: { code: string };
let tracedBundle: { code: string };

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflows();
  tracedBundle = await bundleWorkflows({ traced: true });
});

async function replay(history: unknown, bundle = workflowBundle): Promise<void> {
  await Worker.runReplayHistory({ workflowBundle: bundle }, history);
}

describe('histories that workflows have written', () => {
  it.each(HISTORY_NAMES)('replay with the workflows as they are now: %s', async (name) => {
    await replay(readHistory(name));
  });

  it.each(HISTORY_NAMES)('replay on a worker that traces, too: %s', async (name) => {
    await replay(readHistory(name), tracedBundle);
  });

  it('are there for every workflow type', () => {
    const recorded = HISTORY_NAMES.map(
      (name) => readHistory(name).events[0]?.workflowExecutionStartedEventAttributes?.workflowType.name,
    );
    expect(new Set(recorded)).toEqual(new Set(Object.keys(workflows)));
    expect(new Set(Object.values(WorkflowType))).toEqual(new Set(Object.keys(workflows)));
  });

  it('do not replay with workflows that do something else', async () => {
    const history = readHistory('incremental-sync.idle');
    const scheduled = history.events.find((event) => event.activityTaskScheduledEventAttributes);
    scheduled!.activityTaskScheduledEventAttributes!.activityType.name = 'anotherActivity';
    await expect(replay(history)).rejects.toThrow(DeterminismViolationError);
  });
});
