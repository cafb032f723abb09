import { z } from 'zod';
import type { Database } from '../../prisma/client.ts';
import { DAY_MS } from '../../contracts/durations.ts';
import { MOST_USAGE_DAYS } from '../../contracts/limits.ts';
import { InvalidInputError } from '../errors.ts';
import { GOOGLE_DAY } from '../google/google-day.ts';
import { parseInput, workspaceIdSchema } from '../input.ts';
import { type Page, readPage } from '../pages.ts';
import { requireWorkspace } from '../workspaces.ts';

const DEFAULT_DAYS = 30;

/** A day of Google. */
export const usageDaySchema = z.iso.date('must be a date like 2026-01-05');

export const usageSchema = z.object({
  day: z.iso.date().describe("Google's day, which is that of Pacific time"),
  workspaceId: z.string(),
  calendars: z
    .int()
    .nullable()
    .describe('Enabled calendars, when they were last counted that day. Null: not counted'),
  events: z.int().nullable().describe('Their stored events and series'),
  syncs: z.int().describe('Syncs of calendars'),
  changes: z.int().describe('Events that syncs inserted, updated and deleted'),
  eventWrites: z.int().describe('Writes of events that were made'),
  apiCalls: z.int().describe('Calls of the API with keys of the workspace, or by admins for it'),
  deliveryAttempts: z.int().describe('Attempts to deliver changes to webhooks'),
  deliveries: z.int().describe('Attempts that were accepted with 2xx'),
  temporalActions: z.int().describe('Estimate of the actions that Temporal Cloud would bill'),
  googleRequests: z.int().describe('Requests to Google'),
  googleMethods: z.record(z.string(), z.int()).describe('Requests to Google by method'),
});
export type Usage = z.infer<typeof usageSchema>;

export const usagePositionSchema = z.object({ day: usageDaySchema, workspaceId: workspaceIdSchema });
export type UsagePosition = z.infer<typeof usagePositionSchema>;

const rangeSchema = z.object({
  workspaceId: workspaceIdSchema.optional(),
  from: usageDaySchema.optional(),
  to: usageDaySchema.optional(),
});

export interface UsageFilter {
  /** Default: every workspace. */
  workspaceId?: string | undefined;
  /** First day. Default: 29 days before the last. */
  from?: string | undefined;
  /** Last day. Default: today. */
  to?: string | undefined;
  after?: UsagePosition | undefined;
  limit: number;
}

/** One page of the days of a workspace, or of all, ordered by day and workspace. Days without any use have no row. */
export async function listUsage(
  database: Database,
  filter: UsageFilter,
): Promise<Page<Usage, UsagePosition>> {
  const { workspaceId, from, to } = parseInput(rangeSchema, {
    workspaceId: filter.workspaceId,
    from: filter.from,
    to: filter.to,
  });
  if (workspaceId !== undefined) await requireWorkspace(database, workspaceId);
  const last = to ?? (await readGoogleDay(database));
  const first = from ?? daysBefore(last, DEFAULT_DAYS - 1);
  const days = (Date.parse(last) - Date.parse(first)) / DAY_MS + 1;
  const most = workspaceId === undefined ? MOST_USAGE_DAYS.ofAll : MOST_USAGE_DAYS.ofOne;
  if (days < 1 || days > most)
    throw new InvalidInputError('from', `must be at most ${most} days up to \`to\`, both included`);
  return readPage(
    { limit: filter.limit, after: filter.after },
    (after, take) => readRows(database, { workspaceId, first, last, after, take }),
    ({ day, workspaceId: id }) => ({ day, workspaceId: id }),
  );
}

interface Range {
  workspaceId?: string | null | undefined;
  first: string;
  last: string;
  after: UsagePosition | undefined;
  take: number;
}

async function readRows(
  database: Database,
  { workspaceId = null, first, last, after, take }: Range,
): Promise<Usage[]> {
  return database.$queryRaw<Usage[]>`
    with wanted as (
      select day, workspace_id from workspace_usage
      where day between ${first}::date and ${last}::date
        and (${workspaceId}::text is null or workspace_id = ${workspaceId}::text)
      union
      select day, workspace_id from google_requests
      where day between ${first}::date and ${last}::date
        and (${workspaceId}::text is null or workspace_id = ${workspaceId}::text)
    )
    select p.day::text, p.workspace_id as "workspaceId", u.calendars, u.events,
      coalesce(u.syncs, 0) as syncs, coalesce(u.changes, 0) as changes, coalesce(u.event_writes, 0) as "eventWrites",
      coalesce(u.api_calls, 0) as "apiCalls", coalesce(u.delivery_attempts, 0) as "deliveryAttempts",
      coalesce(u.deliveries, 0) as deliveries, coalesce(u.temporal_actions, 0) as "temporalActions",
      google.requests as "googleRequests", google.methods as "googleMethods"
    from (
      select day, workspace_id from wanted
      where ${after?.day ?? null}::date is null
        or (day, workspace_id) > (${after?.day ?? null}::date, ${after?.workspaceId ?? null}::text)
      order by day, workspace_id limit ${take}::int
    ) p
    left join workspace_usage u on u.day = p.day and u.workspace_id = p.workspace_id
    cross join lateral (
      select coalesce(sum(g.requests), 0)::int as requests,
        coalesce(jsonb_object_agg(g.method, g.requests), '{}') as methods
      from google_requests g where g.day = p.day and g.workspace_id = p.workspace_id
    ) google
    order by p.day, p.workspace_id`;
}

async function readGoogleDay(database: Database): Promise<string> {
  const [row] = await database.$queryRaw<{ day: string }[]>`select ${GOOGLE_DAY}::text as day`;
  if (row === undefined) throw new Error('The clock has a row.');
  return row.day;
}

function daysBefore(day: string, days: number): string {
  return new Date(Date.parse(day) - days * DAY_MS).toISOString().slice(0, 10);
}
