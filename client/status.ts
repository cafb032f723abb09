import type { Database } from '../prisma/client.ts';
import { accountHealth, calendarHealth, type Health, worstHealth } from './health.ts';
import { requireWorkspace } from './workspaces.ts';

export interface CalendarStatus {
  id: string;
  accountId: string;
  summary: string;
  health: Health;
  lastSyncedAt: string | null;
  lastFullSyncAt: string | null;
  /** Null: not polled. */
  nextSyncAt: string | null;
  /** In a row. */
  failures: number;
  /** A failure type. */
  lastError?: string;
}

export interface AccountStatus {
  id: string;
  email: string;
  health: Health;
  calendarListSyncedAt: string | null;
  /** A failure type. */
  lastError?: string;
}

/** The latest run that touched a workspace, summed over its calendars. */
export interface LastRun {
  workflowId: string;
  runId: string;
  source: string;
  mode: string;
  outcome: string;
  calendars: number;
  pages: number;
  upserted: number;
  deleted: number;
  startedAt: string;
  finishedAt: string | null;
}

export interface WorkspaceStatus {
  id: string;
  timeZone: string;
  health: Health;
  accounts: AccountStatus[];
  calendars: CalendarStatus[];
  lastRun?: LastRun;
}

/** Health of every workspace, or of one. Calendars that are gone from Google are left out. */
export async function readStatus(
  database: Database,
  { workspaceId, now = new Date() }: { workspaceId?: string; now?: Date } = {},
): Promise<{ workspaces: WorkspaceStatus[] }> {
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const [workspaces, lastRuns] = await Promise.all([
    readWorkspaces(database, workspaceId),
    readLastRuns(database, workspaceId),
  ]);
  return {
    workspaces: workspaces.map((workspace) => {
      const accounts = workspace.accounts.map((account) => accountStatus(account));
      const calendars = workspace.accounts.flatMap((account) =>
        account.calendars.map((calendar) => calendarStatus(calendar, account, now)),
      );
      const lastRun = lastRuns.get(workspace.id);
      return {
        id: workspace.id,
        timeZone: workspace.timeZone,
        health: worstHealth([...accounts, ...calendars].map(({ health }) => health)),
        accounts,
        calendars,
        ...(lastRun && { lastRun }),
      };
    }),
  };
}

function readWorkspaces(database: Database, workspaceId: string | undefined) {
  return database.workspace.findMany({
    where: { id: workspaceId },
    orderBy: { id: 'asc' },
    select: {
      id: true,
      timeZone: true,
      accounts: {
        orderBy: { email: 'asc' },
        select: {
          id: true,
          email: true,
          status: true,
          lastError: true,
          calendarListSyncedAt: true,
          calendars: {
            where: { status: { not: 'removed' } },
            orderBy: [{ isPrimary: 'desc' }, { summary: 'asc' }, { id: 'asc' }],
            select: { id: true, summary: true, enabled: true, status: true, syncState: true },
          },
        },
      },
    },
  });
}
type AccountRow = Awaited<ReturnType<typeof readWorkspaces>>[number]['accounts'][number];

function accountStatus(account: AccountRow): AccountStatus {
  return {
    id: account.id,
    email: account.email,
    health: accountHealth(account),
    calendarListSyncedAt: account.calendarListSyncedAt?.toISOString() ?? null,
    ...(account.lastError !== null && { lastError: account.lastError }),
  };
}

function calendarStatus(
  calendar: AccountRow['calendars'][number],
  account: AccountRow,
  now: Date,
): CalendarStatus {
  const { id, summary, enabled, status, syncState } = calendar;
  const failures = syncState?.failures ?? 0;
  const lastSyncedAt = syncState?.lastSyncedAt ?? null;
  const nextSyncAt = syncState?.nextSyncAt ?? null;
  const state = { enabled, status, accountStatus: account.status, failures, lastSyncedAt, nextSyncAt };
  return {
    id,
    accountId: account.id,
    summary,
    health: calendarHealth(state, now),
    lastSyncedAt: lastSyncedAt?.toISOString() ?? null,
    lastFullSyncAt: syncState?.lastFullSyncAt?.toISOString() ?? null,
    nextSyncAt: nextSyncAt?.toISOString() ?? null,
    failures,
    ...(syncState?.lastError && { lastError: syncState.lastError }),
  };
}

type LastRunRow = Omit<LastRun, 'startedAt' | 'finishedAt'> & {
  workspaceId: string;
  startedAt: Date;
  finishedAt: Date | null;
};

async function readLastRuns(
  database: Database,
  workspaceId: string | undefined,
): Promise<Map<string, LastRun>> {
  const rows = await database.$queryRaw<LastRunRow[]>`
    select workspace.id as "workspaceId", workflow_id as "workflowId", run_id as "runId", min(source) as source,
      case when bool_or(mode = 'full') then 'full' else 'incremental' end as mode,
      case when bool_or(outcome = 'running') then 'running'
        when bool_or(outcome = 'failed') then 'failed' else 'success' end as outcome,
      count(*)::int as calendars, sum(pages)::int as pages, sum(upserted)::int as upserted,
      sum(deleted)::int as deleted, min(started_at) as "startedAt",
      case when bool_and(finished_at is not null) then max(finished_at) end as "finishedAt"
    from workspaces workspace
    cross join lateral (
      select run_id as latest from workspace_calendar_sync_log
      where workspace_id = workspace.id order by started_at desc, id desc limit 1
    ) run
    join workspace_calendar_sync_log log on log.workspace_id = workspace.id and log.run_id = latest
    where ${workspaceId ?? null}::text is null or workspace.id = ${workspaceId ?? null}
    group by workspace.id, workflow_id, run_id`;
  return new Map(
    rows.map(({ workspaceId: id, startedAt, finishedAt, ...run }) => [
      id,
      { ...run, startedAt: startedAt.toISOString(), finishedAt: finishedAt?.toISOString() ?? null },
    ]),
  );
}
