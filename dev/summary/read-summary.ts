import type { Database } from '../../prisma/client.ts';
import type { SampleRuns } from '../run-samples.ts';
import type { PlanNumbers } from '../samples/plan-samples.ts';
import type { SyncNumbers } from '../samples/sync-samples.ts';

export type SyncSummary = Omit<SyncNumbers, 'outcome'>;

type PlanSummary = Omit<PlanNumbers, 'success'>;

export interface WorkspaceSummary {
  id: string;
  calendars: number;
  /** Masters, exceptions and single events, counted as Google stores them. */
  events: number;
  /** Number of occurrences within the horizon. */
  occurrences: number;
  /** The incremental sync after the edits; null before the first sync. */
  sync: SyncSummary | null;
  /** The first sync of this start. */
  firstSync: SyncSummary | null;
  /** Tasks and habits in free time; null before the first plan. */
  plan: PlanSummary | null;
}

/** Output of `npm start -- --json`. */
export interface DevSummary {
  ok: boolean;
  workspaces: WorkspaceSummary[];
  /** The first workspace's next days, as text to print. Not part of the JSON. */
  agenda: string | null;
  temporal: { address: string; ui: string | null };
  emulator: string | null;
  database: string;
  metrics: string;
  api: string;
  /** Link that signs a browser in to the console, once. */
  console?: string;
  /** The API's admin key, unless the caller provided it. */
  apiKey?: string;
}

interface CountsRow {
  id: string;
  calendars: number;
  events: number;
  occurrences: number;
}

function withoutOutcome(sync: SyncNumbers | undefined): SyncSummary | null {
  if (!sync) return null;
  const { mode, upserted, deleted, pages, ms } = sync;
  return { mode, upserted, deleted, pages, ms };
}

function withoutSuccess(plan: PlanNumbers | undefined): PlanSummary | null {
  if (!plan) return null;
  const { placed, unscheduled, moved, ms } = plan;
  return { placed, unscheduled, moved, ms };
}

/** Each workspace's numbers in the database, with those of the last two syncs and the plan. */
export async function readWorkspaceSummaries(
  database: Database,
  { first, afterEdits, plans }: Pick<SampleRuns, 'first' | 'afterEdits' | 'plans'>,
): Promise<WorkspaceSummary[]> {
  const rows = await database.$queryRaw<CountsRow[]>`
    select id,
      (select count(*) from calendars where workspace_id = workspaces.id and status <> 'removed')::int as calendars,
      (select count(*) from calendar_events join calendars on calendars.id = calendar_id
        where workspace_id = workspaces.id)::int as events,
      (select count(*) from workspace_calendar_events where workspace_id = workspaces.id)::int as occurrences
    from workspaces order by id`;
  return rows.map((row) => ({
    ...row,
    sync: withoutOutcome(afterEdits.get(row.id)),
    firstSync: withoutOutcome(first.get(row.id)),
    plan: withoutSuccess(plans.get(row.id)),
  }));
}
