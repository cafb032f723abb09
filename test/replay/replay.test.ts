import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { DeterminismViolationError } from '@temporalio/workflow';
import { beforeAll, describe, expect, it } from 'vitest';
import { WorkflowType } from '../../contracts/workflow-types.ts';
import { bundleWorkflows } from '../../worker/bundle-workflows.ts';
import * as workflows from '../../workflows/index.ts';
import { HISTORY_NAMES, readHistory } from './histories.ts';

type Bundle = Awaited<ReturnType<typeof bundleWorkflows>>;

let workflowBundle: Bundle;
/** Failures of histories, by name: with plain workflows, and on a worker that traces. */
let plain: Map<string, unknown>;
let traced: Map<string, unknown>;

/** All by one worker, for making one takes longer than a replay. */
async function replayAll(bundle: Bundle): Promise<Map<string, unknown>> {
  const errors = new Map<string, unknown>();
  const histories = HISTORY_NAMES.map((name) => ({ workflowId: name, history: readHistory(name) }));
  for await (const replay of Worker.runReplayHistories({ workflowBundle: bundle }, histories)) {
    errors.set(replay.workflowId, replay.error);
  }
  return errors;
}

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  workflowBundle = await bundleWorkflows();
  plain = await replayAll(workflowBundle);
  traced = await replayAll(await bundleWorkflows({ traced: true }));
});

const ADVICE =
  'A run that has written this history would be stuck under the workflows as they are now. Keep what it did: guard the ' +
  'change with `patched()`, or with an input field that old inputs lack (docs/operate/upgrade.md). Histories that are ' +
  'committed are never recorded again; the new way gets one of its own (`npm run record-histories`).';

function expectReplayed(errors: ReadonlyMap<string, unknown>, name: string): void {
  expect(errors.has(name)).toBe(true);
  const cause = errors.get(name);
  if (cause === undefined) return;
  const what = cause instanceof Error ? cause.message : 'It does not replay.';
  throw new Error(`${ADVICE} ${name}: ${what}`, { cause });
}

it('bundles workflows without a schema library, which every cached workflow would evaluate again', () => {
  expect(workflowBundle.code).not.toContain('node_modules/zod');
});

describe('histories that workflows have written', () => {
  it.each(HISTORY_NAMES)('replay with the workflows as they are now: %s', (name) => {
    expectReplayed(plain, name);
  });

  it.each(HISTORY_NAMES)('replay on a worker that traces, too: %s', (name) => {
    expectReplayed(traced, name);
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
    await expect(Worker.runReplayHistory({ workflowBundle }, history)).rejects.toThrow(
      DeterminismViolationError,
    );
  });
});
