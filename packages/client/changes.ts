import type { AlmanacApi } from '../../api/generated/api-client.ts';
import type { operations } from '../../api/generated/openapi-types.ts';

/** Changes in the order of their commits, and the cursor to store with them. */
export type ChangePage = operations['listChanges']['responses'][200]['content']['application/json'];

export interface ChangesOptions {
  /** Cursor of the last page that was applied; default `0`, the beginning of the log. */
  after?: string;
  /** Most changes of a page. */
  limit?: number;
  /** Whether to wait for further changes instead of ending; default false. */
  follow?: boolean;
  /** Ends the waiting with an AbortError. */
  signal?: AbortSignal;
}

/** Below the time for one attempt. */
const WAIT_SECONDS = 25;

/**
 * Reads a change log page by page. Store the `cursor` in the transaction that applies the page, and begin there
 * the next time. With the code `cursor-expired` the log has been compacted: drop the copy and begin at 0.
 */
export async function* readChanges(
  api: AlmanacApi,
  workspaceId: string,
  { after = '0', limit, follow = false, signal }: ChangesOptions = {},
): AsyncGenerator<ChangePage> {
  let cursor = after;
  for (;;) {
    const { data } = await api.GET('/api/v1/workspaces/{workspaceId}/changes', {
      params: {
        path: { workspaceId },
        query: { after: cursor, ...(limit !== undefined && { limit }), wait: follow ? WAIT_SECONDS : 0 },
      },
      ...(signal && { signal }),
    });
    // A failure was thrown.
    const page = data as ChangePage;
    if (page.changes.length > 0 || page.cursor !== cursor) yield page;
    cursor = page.cursor;
    if (!page.more && !follow) return;
  }
}
