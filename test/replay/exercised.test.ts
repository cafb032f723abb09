import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { expect, it } from 'vitest';
import { bundleWorkflows } from '../../worker/bundle-workflows.ts';
import { HISTORY_NAMES, readHistory } from './histories.ts';
import { unexercisedLines } from './unexercised-lines.ts';

const ADVICE =
  'Workflow code has changed, and what committed histories run of it is not what unexercised.txt says. A line that is ' +
  'new there has no history that would fail when it is changed: record one (test/replay/*.record.ts, then ' +
  '`npm run record-histories`), or run `npm run confirm-histories` and say in the commit why none is needed.';

it('finds every line of workflow code in a committed history, but for those that are known', async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const workflowBundle = await bundleWorkflows();
  const lines = await unexercisedLines(workflowBundle.code, async () => {
    const histories = HISTORY_NAMES.map((name) => ({ workflowId: name, history: readHistory(name) }));
    for await (const { workflowId, error } of Worker.runReplayHistories({ workflowBundle }, histories)) {
      expect(error, workflowId).toBeUndefined();
    }
  });
  await expect(`${lines.join('\n')}\n`, ADVICE).toMatchFileSnapshot('unexercised.txt');
});
