import { ApplicationFailure } from '@temporalio/activity';
import type { AlmanacApi, operations } from 'almanac/api';

type Page = operations['listChanges']['responses'][200]['content']['application/json'];

export interface HandledPage {
  /** Cursor of the handled page; the next page follows it. */
  cursor: string;
  more: boolean;
  changes: number;
}

export interface ChangeActivities {
  /** Reads the page after a cursor and handles it: the content of events stays out of the history. */
  handlePage(input: { workspaceId: string; cursor: string }): Promise<HandledPage>;
}

const CURSOR_EXPIRED = 410;

/** @param handle acts on changes; a page may come again after a crash */
export function createChangeActivities(
  api: AlmanacApi,
  handle: (changes: Page['changes']) => Promise<void>,
): ChangeActivities {
  return {
    async handlePage({ workspaceId, cursor }) {
      const { data, error, response } = await api.GET('/api/v1/workspaces/{workspaceId}/changes', {
        params: { path: { workspaceId }, query: { after: cursor } },
      });
      if (response.status === CURSOR_EXPIRED)
        throw ApplicationFailure.nonRetryable('Start again from cursor 0.', 'CursorExpired');
      if (error) throw new Error(error.detail);
      await handle(data.changes);
      return { cursor: data.cursor, more: data.more, changes: data.changes.length };
    },
  };
}
