import { z } from 'zod';
import {
  accountHealthQuery,
  type CalendarHealthRow,
  calendarHealthQuery,
} from '../health/calendar-health.ts';
import type { PollIntervals } from '../mirror/next-sync.ts';
import type { Database } from '../../prisma/client.ts';
import { HEALTH_REASONS } from '../../contracts/health.ts';
import {
  explainReason,
  type Explanation,
  healthSchema,
  type Health,
  type HealthReason,
  worstHealth,
} from '../health/explain-health.ts';
import { failureType, instant } from '../shapes.ts';
import { readTodaysRequests } from '../google/todays-requests.ts';
import { lastRunSchema, readLastRuns } from './last-runs.ts';
import { requireWorkspace } from '../workspaces.ts';

/** Number of workspaces held in memory at a time. */
const WORKSPACES_PER_PAGE = 200;

const calendarStatusSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  summary: z.string(),
  health: healthSchema,
  reason: z
    .object({ code: z.enum(HEALTH_REASONS), sentence: z.string() })
    .optional()
    .describe('Why it is not healthy, and what to do'),
  provenAt: instant.nullable().describe('Latest instant at which it was proven in step with Google'),
  freshnessSeconds: z.number().nullable(),
  promisedSeconds: z.number().describe('The age that makes the calendar stale'),
  lastSyncedAt: instant.nullable(),
  lastFullSyncAt: instant.nullable(),
  nextSyncAt: instant.nullable().describe('Null: not polled'),
  verifiedAt: instant.nullable(),
  drift: z.int().nullable().describe('Events that differed when it was last verified'),
  unreadable: z.int().describe('Unreadable events of the last listing; counted up to 1,000'),
  tooCostly: z.int().describe('Series too costly to expand: only their first occurrence is shown'),
  failures: z.int().describe('Consecutive failures'),
  lastError: failureType,
  deadLetters: z.int(),
});
/** The API and the command line put the reason into words. */
type CalendarStatus = Omit<z.infer<typeof calendarStatusSchema>, 'reason'> & {
  reason?: Explanation & { code: HealthReason };
};

const accountStatusSchema = z.object({
  id: z.string(),
  email: z.string(),
  health: healthSchema,
  calendarListSyncedAt: instant.nullable(),
  lastError: z.string().optional(),
});
type AccountStatus = z.infer<typeof accountStatusSchema>;

export const workspaceStatusSchema = z.object({
  id: z.string(),
  timeZone: z.string(),
  health: healthSchema,
  deadLetters: z.int(),
  googleRequests: z
    .int()
    .describe("Requests to Google in Google's present day, which is that of Pacific time"),
  accounts: z.array(accountStatusSchema),
  calendars: z.array(calendarStatusSchema),
  lastRun: lastRunSchema.optional(),
});
export type WorkspaceStatus = Omit<z.infer<typeof workspaceStatusSchema>, 'calendars'> & {
  calendars: CalendarStatus[];
};

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
  const requests = await readTodaysRequests(database, ids);
  const [calendarsOf, accountsOf] = [byWorkspace(calendars), byWorkspace(accounts)];
  return workspaces.map(({ id, timeZone, _count }) => {
    const parts = {
      accounts: (accountsOf.get(id) ?? []).map((row) => accountStatus(row)),
      calendars: (calendarsOf.get(id) ?? []).map((row) => calendarStatus(row)),
    };
    const health = worstHealth([...parts.accounts, ...parts.calendars].map((part) => part.health));
    const lastRun = lastRuns.get(id);
    return {
      id,
      timeZone,
      health,
      deadLetters: _count.deadLetters,
      googleRequests: requests.get(id) ?? 0,
      ...parts,
      ...(lastRun && { lastRun }),
    };
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
