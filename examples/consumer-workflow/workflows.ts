import { continueAsNew, proxyActivities, sleep, workflowInfo } from '@temporalio/workflow';
import type { ChangeActivities } from './activities.ts';

interface ConsumerInput {
  workspaceId: string;
  /** Default: the beginning of the change log. */
  cursor?: string;
  /** Pages after which it ends. Default: never. */
  pages?: number;
}

const { handlePage } = proxyActivities<ChangeActivities>({
  startToCloseTimeout: '2 minutes',
  retry: { maximumInterval: '1 minute' },
});

const IDLE = '30 seconds';

/**
 * Acts on every change of a workspace, in order and at least once. Runs until it is cancelled, or until it has read
 * `pages` pages.
 * @returns the cursor of the last page
 */
export async function consumeChanges({ workspaceId, cursor = '0', pages }: ConsumerInput): Promise<string> {
  for (let read = 0; ;) {
    const page = await handlePage({ workspaceId, cursor });
    ({ cursor } = page);
    read += 1;
    if (pages !== undefined && read >= pages) return cursor;
    if (workflowInfo().continueAsNewSuggested)
      await continueAsNew<typeof consumeChanges>({
        workspaceId,
        cursor,
        ...(pages !== undefined && { pages: pages - read }),
      });
    if (!page.more) await sleep(IDLE);
  }
}
