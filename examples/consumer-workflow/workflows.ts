import {
  condition,
  continueAsNew,
  defineQuery,
  defineSignal,
  proxyActivities,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { ChangeActivities } from './activities.ts';

interface ConsumerInput {
  workspaceId: string;
  /** Default: the beginning of the change log. */
  cursor?: string;
  /** Pages after which it ends. Default: never. */
  pages?: number;
}

/** The change log has grown. */
export const changedSignal = defineSignal('changed');
/** Cursor of the last page that was handled. */
export const cursorQuery = defineQuery<string>('cursor');

const { handlePage } = proxyActivities<ChangeActivities>({
  startToCloseTimeout: '2 minutes',
  retry: { maximumInterval: '1 minute' },
});

/** It looks by itself after this time, in case a signal was lost. */
const LONGEST_IDLE = '15 minutes';

/**
 * Acts on every change of a workspace, in order and at least once, as soon as it is signalled. Runs until it is
 * cancelled, or until it has read `pages` pages.
 * @returns the cursor of the last page
 */
export async function consumeChanges({ workspaceId, cursor = '0', pages }: ConsumerInput): Promise<string> {
  let isBehind = true;
  setHandler(changedSignal, () => {
    isBehind = true;
  });
  setHandler(cursorQuery, () => cursor);
  for (let read = 0; ;) {
    // A signal that comes while the page is handled asks for one more.
    isBehind = false;
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
    if (!page.more) await condition(() => isBehind, LONGEST_IDLE);
  }
}
