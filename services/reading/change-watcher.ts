import type { Database } from '../../prisma/client.ts';
import { createSharedWait, type WaitOptions } from './shared-wait.ts';

/**
 * Longest delay until a change is noticed without a hint. Each interval costs one small query, no matter how many clients
 * wait.
 */
const LOOK_EVERY_MS = 500;

/** Notices when change logs have grown. */
export interface ChangeWatcher {
  /** Number of waiting clients. */
  readonly waiting: number;
  /**
   * Resolves to true as soon as a workspace's log has grown past `position`; to false when the time is up.
   */
  wait(workspaceId: string, position: number, options: WaitOptions): Promise<boolean>;
  /** Looks soon, because the log of a workspace has grown. Null: any may have. */
  hurry(workspaceId: string | null): void;
  /** Ends every wait; later ones end at once. */
  close(): void;
}

interface Growth {
  workspaceId: string;
  position: number;
}

export function createChangeWatcher(
  database: Database,
  { lookEveryMs = LOOK_EVERY_MS }: { lookEveryMs?: number } = {},
): ChangeWatcher {
  async function look(wanted: readonly Growth[]) {
    const workspaceIds = [...new Set(wanted.map(({ workspaceId }) => workspaceId))];
    const rows = await database.$queryRaw<{ workspaceId: string; lastPosition: number }[]>`
      select workspace_id as "workspaceId", last_position::float8 as "lastPosition"
      from calendar_change_positions where workspace_id = any(${workspaceIds}::text[])`;
    const lastPositions = new Map(rows.map(({ workspaceId, lastPosition }) => [workspaceId, lastPosition]));
    return ({ workspaceId, position }: Growth) => (lastPositions.get(workspaceId) ?? 0) > position;
  }

  const shared = createSharedWait(look, lookEveryMs);
  return {
    get waiting() {
      return shared.waiting;
    },
    wait: async (workspaceId, position, options) => shared.wait({ workspaceId, position }, options),
    hurry: (workspaceId) =>
      shared.hurry((wanted) => workspaceId === null || wanted.workspaceId === workspaceId),
    close: () => shared.close(),
  };
}
