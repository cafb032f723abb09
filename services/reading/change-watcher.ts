import type { Database } from '../../prisma/client.ts';

/**
 * Longest delay until a change is noticed. Each interval costs one small query, no matter how many clients
 * wait.
 */
const LOOK_EVERY_MS = 500;

interface WaitOptions {
  timeoutMs: number;
  /** Aborts the wait. */
  signal?: AbortSignal | undefined;
}

/**
 * Notices when change logs have grown. One query serves all waiting clients; with no client waiting there is
 * no query.
 */
export interface ChangeWatcher {
  /** Number of waiting clients. */
  readonly waiting: number;
  /**
   * Resolves to true as soon as a workspace's log has grown past `position`; to false when the time is up.
   */
  wait(workspaceId: string, position: number, options: WaitOptions): Promise<boolean>;
  /** Ends every wait; later ones end at once. */
  close(): void;
}

interface Waiter {
  workspaceId: string;
  position: number;
  end: (grown: boolean) => void;
}

export function createChangeWatcher(
  database: Database,
  { lookEveryMs = LOOK_EVERY_MS }: { lookEveryMs?: number } = {},
): ChangeWatcher {
  const waiters = new Set<Waiter>();
  let timer: NodeJS.Timeout | undefined;
  let looking = false;
  let closed = false;

  async function look(): Promise<void> {
    const workspaceIds = [...new Set([...waiters].map(({ workspaceId }) => workspaceId))];
    const rows = await database.$queryRaw<{ workspaceId: string; lastPosition: number }[]>`
      select workspace_id as "workspaceId", last_position::float8 as "lastPosition"
      from calendar_change_positions where workspace_id = any(${workspaceIds}::text[])`;
    const lastPositions = new Map(rows.map(({ workspaceId, lastPosition }) => [workspaceId, lastPosition]));
    for (const { workspaceId, position, end } of waiters) {
      if ((lastPositions.get(workspaceId) ?? 0) > position) end(true);
    }
  }

  function schedule(): void {
    if (waiters.size === 0 || looking || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      looking = true;
      // If the database is briefly unavailable, the next interval asks again; the caller's next read reports
      // the outage.
      void look()
        .catch(() => undefined)
        .finally(() => {
          looking = false;
          schedule();
        });
    }, lookEveryMs);
  }

  return {
    get waiting() {
      return waiters.size;
    },
    wait(workspaceId, position, { timeoutMs, signal }) {
      return new Promise((resolve) => {
        if (closed || signal?.aborted === true || timeoutMs <= 0) return resolve(false);
        const give = () => waiter.end(false);
        const timeout = setTimeout(give, timeoutMs);
        const waiter: Waiter = {
          workspaceId,
          position,
          end(grown) {
            waiters.delete(waiter);
            clearTimeout(timeout);
            signal?.removeEventListener('abort', give);
            if (waiters.size === 0) {
              clearTimeout(timer);
              timer = undefined;
            }
            resolve(grown);
          },
        };
        signal?.addEventListener('abort', give, { once: true });
        waiters.add(waiter);
        schedule();
      });
    },
    close() {
      closed = true;
      for (const { end } of waiters) end(false);
    },
  };
}
