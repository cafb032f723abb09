import type { Database } from '../../prisma/client.ts';
import { GOOGLE_DAY } from '../google/google-day.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';

const COUNTED = ['apiCalls', 'deliveryAttempts', 'deliveries', 'temporalActions'] as const;
type Counted = (typeof COUNTED)[number];

/** Counts what can only be counted when it happens. */
export interface UsageMeter {
  count(workspaceId: string, what: Counted, times?: number): void;
}

/** A meter that keeps its counts in memory until they are flushed. */
export interface BufferedUsageMeter extends UsageMeter {
  /** Stores what was counted since the last flush. After a failure the next one stores it. */
  flush(): Promise<void>;
}

/** Bounds the memory and the statement of a flush. Beyond it, what other workspaces use is not counted. */
const MOST_WORKSPACES = 10_000;

type Counts = Record<Counted, number>;

/**
 * The meter of the API and of workers: counting costs no statement, and a flush is one statement for all
 * workspaces. A killed process loses what it has not flushed.
 */
export function createUsageMeter(database: Database, mostWorkspaces = MOST_WORKSPACES): BufferedUsageMeter {
  let counts = new Map<string, Counts>();

  function add(workspaceId: string, more: Partial<Counts>): void {
    let known = counts.get(workspaceId);
    if (known === undefined) {
      if (counts.size >= mostWorkspaces) return;
      known = { apiCalls: 0, deliveryAttempts: 0, deliveries: 0, temporalActions: 0 };
      counts.set(workspaceId, known);
    }
    for (const what of COUNTED) known[what] += more[what] ?? 0;
  }

  return {
    count: (workspaceId, what, times = 1) => add(workspaceId, { [what]: times }),

    async flush() {
      if (counts.size === 0) return;
      const taken = counts;
      counts = new Map();
      try {
        await storeCounts(database, taken);
      } catch (error) {
        for (const [workspaceId, lost] of taken) add(workspaceId, lost);
        throw error;
      }
    },
  };
}

/** Adds counts to the present day of workspaces that exist. Every process locks the rows in the same order. */
async function storeCounts(database: Database, counts: ReadonlyMap<string, Counts>): Promise<void> {
  const rows = [...counts].map(([id, counted]) => ({ id, ...counted }));
  await database.$executeRaw`
    insert into workspace_usage as u (
      day, workspace_id, api_calls, delivery_attempts, deliveries, temporal_actions)
    select ${GOOGLE_DAY}, c.id, c."apiCalls", c."deliveryAttempts", c.deliveries, c."temporalActions"
    from jsonb_to_recordset(${toJsonb(rows)}::jsonb)
      as c (id text, "apiCalls" int, "deliveryAttempts" int, deliveries int, "temporalActions" int)
    join workspaces w on w.id = c.id
    order by c.id
    on conflict (day, workspace_id) do update set api_calls = u.api_calls + excluded.api_calls,
      delivery_attempts = u.delivery_attempts + excluded.delivery_attempts,
      deliveries = u.deliveries + excluded.deliveries,
      temporal_actions = u.temporal_actions + excluded.temporal_actions`;
}
