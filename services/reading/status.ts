import {
  accountHealthQuery,
  type CalendarHealthRow,
  calendarHealthQuery,
} from '../health/calendar-health.ts';
import type { PollIntervals } from '../mirror/next-sync.ts';
import type { Database } from '../../prisma/client.ts';
import {
  explainReason,
  type Explanation,
  type Health,
  type HealthReason,
  worstHealth,
} from '../health/explain-health.ts';
import { type LastRun, readLastRuns } from './last-runs.ts';
import { requireWorkspace } from '../workspaces.ts';

/** Number of workspaces held in memory at a time. */
const WORKSPACES_PER_PAGE = 200;

interface CalendarStatus {
  id: string;
  accountId: string;
  summary: string;
  health: Health;
  /** Reason why the calendar is not healthy. */
  reason?: Explanation & { code: HealthReason };
  /** Latest instant at which the mirror was proven equal to Google. Null: never. */
  provenAt: string | null;
  /** Age of that proof, in seconds. */
  freshnessSeconds: number | null;
  /** Age of the proof at which the calendar becomes stale: its poll interval and one tick. */
  promisedSeconds: number;
  lastSyncedAt: string | null;
  lastFullSyncAt: string | null;
  /** Null: not polled. */
  nextSyncAt: string | null;
  /** Time of the last verification against Google. */
  verifiedAt: string | null;
  drift: number | null;
  /** Number of events that could not be read when last listed; counted up to a thousand. */
  unreadable: number;
  /** Number of series that are too costly to expand: only their first occurrence is shown. */
  tooCostly: number;
  /** Number of consecutive failures. */
  failures: number;
  /** A failure type. */
  lastError?: string;
  /** Number of the calendar's open dead letters. */
  deadLetters: number;
}

interface AccountStatus {
  id: string;
  email: string;
  health: Health;
  calendarListSyncedAt: string | null;
  /** A failure type. */
  lastError?: string;
}

export interface WorkspaceStatus {
  id: string;
  timeZone: string;
  health: Health;
  /** Number of open dead letters of the workspace, including those about accounts and plans. */
  deadLetters: number;
  accounts: AccountStatus[];
  calendars: CalendarStatus[];
  lastRun?: LastRun;
}

export interface StatusOptions {
  poll: PollIntervals;
  /** Default: the database's clock. */
  now?: Date | null;
}

/** Health of one workspace. Calendars that were removed at Google are left out. */
export async function readWorkspaceStatus(
  database: Database,
  workspaceId: string,
  options: StatusOptions,
): Promise<WorkspaceStatus> {
  await requireWorkspace(database, workspaceId);
  const workspace = await database.workspace.findUniqueOrThrow({
    where: { id: workspaceId },
    select: WORKSPACE_FIELDS,
  });
  const [status] = await readStatuses(database, [workspace], options);
  if (status === undefined) throw new Error('A workspace has a status.');
  return status;
}

/** Health of every workspace, ordered by ID, page by page: all of them together may not fit into memory. */
export async function* readStatusPages(
  database: Database,
  options: StatusOptions,
): AsyncGenerator<WorkspaceStatus[]> {
  for (let after = ''; ;) {
    const workspaces = await database.workspace.findMany({
      where: { id: { gt: after } },
      orderBy: { id: 'asc' },
      take: WORKSPACES_PER_PAGE,
      select: WORKSPACE_FIELDS,
    });
    if (workspaces.length > 0) yield await readStatuses(database, workspaces, options);
    const last = workspaces.at(-1);
    if (last === undefined || workspaces.length < WORKSPACES_PER_PAGE) return;
    after = last.id;
  }
}

const WORKSPACE_FIELDS = {
  id: true,
  timeZone: true,
  _count: { select: { deadLetters: { where: { status: 'open' } } } },
} as const;

interface WorkspaceRow {
  id: string;
  timeZone: string;
  _count: { deadLetters: number };
}

interface AccountRow {
  id: string;
  workspaceId: string;
  email: string;
  health: Health;
  calendarListSyncedAt: Date | null;
  lastError: string | null;
}

async function readStatuses(
  database: Database,
  workspaces: readonly WorkspaceRow[],
  { poll, now = null }: StatusOptions,
): Promise<WorkspaceStatus[]> {
  const ids = workspaces.map(({ id }) => id);
  const calendars = await database.$queryRaw<CalendarHealthRow[]>`
    ${calendarHealthQuery(now, poll, ids)} order by a.email, c.is_primary desc, c.summary, c.id`;
  const accounts = await database.$queryRaw<AccountRow[]>`${accountHealthQuery(ids)} order by a.email`;
  const lastRuns = await readLastRuns(database, ids);
  const [calendarsOf, accountsOf] = [byWorkspace(calendars), byWorkspace(accounts)];
  return workspaces.map(({ id, timeZone, _count }) => {
    const parts = {
      accounts: (accountsOf.get(id) ?? []).map((row) => accountStatus(row)),
      calendars: (calendarsOf.get(id) ?? []).map((row) => calendarStatus(row)),
    };
    const health = worstHealth([...parts.accounts, ...parts.calendars].map((part) => part.health));
    const lastRun = lastRuns.get(id);
    return { id, timeZone, health, deadLetters: _count.deadLetters, ...parts, ...(lastRun && { lastRun }) };
  });
}

function byWorkspace<Row extends { workspaceId: string }>(rows: readonly Row[]): Map<string, Row[]> {
  const found = new Map<string, Row[]>();
  for (const row of rows) {
    const others = found.get(row.workspaceId);
    if (others === undefined) found.set(row.workspaceId, [row]);
    else others.push(row);
  }
  return found;
}

function accountStatus({ id, email, health, calendarListSyncedAt, lastError }: AccountRow): AccountStatus {
  return {
    id,
    email,
    health,
    calendarListSyncedAt: calendarListSyncedAt?.toISOString() ?? null,
    ...(lastError !== null && { lastError }),
  };
}

function calendarStatus(row: CalendarHealthRow): CalendarStatus {
  const { id, accountId, summary, health, reason, freshnessSeconds, lastError } = row;
  return {
    id,
    accountId,
    summary,
    health,
    ...(reason !== null && { reason: { code: reason, ...explainReason(reason, row) } }),
    provenAt: row.provenAt?.toISOString() ?? null,
    freshnessSeconds: freshnessSeconds === null ? null : Math.round(freshnessSeconds),
    promisedSeconds: row.promisedSeconds,
    lastSyncedAt: row.lastSyncedAt?.toISOString() ?? null,
    lastFullSyncAt: row.lastFullSyncAt?.toISOString() ?? null,
    nextSyncAt: row.nextSyncAt?.toISOString() ?? null,
    verifiedAt: row.verifiedAt?.toISOString() ?? null,
    drift: row.drift,
    unreadable: row.unreadable,
    tooCostly: row.tooCostly,
    failures: row.failures,
    ...(lastError !== null && { lastError }),
    deadLetters: row.deadLetters,
  };
}
