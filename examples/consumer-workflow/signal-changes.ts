import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '@temporalio/client';
import type { AlmanacApi } from 'almanac/api';
import { streamCursors } from './stream-cursors.ts';
import type { consumeChanges } from './workflows.ts';

export const TASK_QUEUE = 'consumer';
export const workflowIdOf = (workspaceId: string) => `consume-changes/${workspaceId}`;
const CONNECT_AGAIN_MS = 1_000;

/**
 * Starts the workflow of a workspace, unless it is running, and signals it when the change log grows. A signal
 * carries no content: the workflow's activity reads the log. Resolves when `signal` is aborted.
 */
export async function signalChanges(
  { api, temporal, signal }: { api: AlmanacApi; temporal: Client; signal: AbortSignal },
  workspaceId: string,
): Promise<void> {
  const workflowId = workflowIdOf(workspaceId);
  while (!signal.aborted) {
    // Whatever was missed while no stream was open is asked for by this signal.
    const handle = await temporal.workflow.signalWithStart<typeof consumeChanges>('consumeChanges', {
      workflowId,
      taskQueue: TASK_QUEUE,
      args: [{ workspaceId }],
      signal: 'changed',
    });
    try {
      const after = await handle.query<string>('cursor');
      for await (const _cursor of streamCursors(api, { workspaceId, after, signal }))
        await handle.signal('changed');
    } catch (error) {
      if (!signal.aborted) process.stderr.write(`The stream has broken off: ${String(error)}\n`);
    }
    await sleep(CONNECT_AGAIN_MS, undefined, { signal }).catch(() => undefined);
  }
}
