import type { AlmanacApi, operations } from 'almanac/api';

type Page = operations['listChanges']['responses'][200]['content']['application/json'];
export type Change = Page['changes'][number];

/** Where a product keeps its copy. Each call is one transaction of its own. */
export interface Copy {
  /** The cursor of the last page that was applied; `0` where there is none. */
  readCursor(): Promise<string>;
  /** Applies a page and stores its cursor, both or neither. */
  apply(changes: readonly Change[], cursor: string): Promise<void>;
  /** Forgets everything: the cursor is too old, and the log is read anew from 0. */
  clear(): Promise<void>;
}

const CURSOR_EXPIRED = 410;

/**
 * Brings a copy up to date with a workspace's change log.
 * @param waitSeconds how long to wait for further changes before it returns, from 0 to 55
 * @returns how many changes were applied
 */
export async function followChanges(
  api: AlmanacApi,
  workspaceId: string,
  copy: Copy,
  waitSeconds = 0,
): Promise<number> {
  let applied = 0;
  for (;;) {
    const after = await copy.readCursor();
    const { data, error, response } = await api.GET('/api/v1/workspaces/{workspaceId}/changes', {
      params: { path: { workspaceId }, query: { after, wait: waitSeconds } },
    });
    if (response.status === CURSOR_EXPIRED) {
      await copy.clear();
      continue;
    }
    if (error) throw new Error(error.detail);
    await copy.apply(data.changes, data.cursor);
    applied += data.changes.length;
    if (!data.more) return applied;
  }
}
