import { z } from 'zod';
import { accountHealthQuery, calendarHealthQuery } from './calendar-health.ts';
import { type Health, HEALTHS } from '../../contracts/health.ts';
import { type Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { StatusOptions } from '../reading/status.ts';
import { instant } from '../shapes.ts';
import { healthSchema } from './explain-health.ts';

/** How a whole installation is doing. */
export const overallHealthSchema = z.object({
  health: healthSchema,
  workspaces: z.int(),
  calendars: z.int(),
  workspacesByHealth: z.partialRecord(z.enum(HEALTHS), z.int()).describe('Workspaces by health'),
  byHealth: z.partialRecord(z.enum(HEALTHS), z.int()).describe('Calendars by health'),
  oldestProvenAt: instant.nullable(),
  deadLetters: z.int(),
});
type OverallHealth = z.infer<typeof overallHealthSchema>;

/** How one workspace is doing, in a line. */
export const workspaceHealthSchema = z.object({
  id: z.string(),
  health: healthSchema,
  calendars: z.int(),
  unhealthy: z.int(),
  oldestProvenAt: instant.nullable(),
  deadLetters: z.int(),
});
type WorkspaceHealth = z.infer<typeof workspaceHealthSchema>;

/**
 * Rows `parts(workspace_id, rank, health, proven_at, is_calendar)`: the calendars and accounts that determine
 * a workspace's health.
 */
function partsOf(
  { poll, now = null }: StatusOptions,
  workspaceIds: readonly string[] | null = null,
): Prisma.Sql {
  return Prisma.sql`
    calendar_health as (${calendarHealthQuery(now, poll, workspaceIds, { summaries: false })}),
    account_health as (${accountHealthQuery(workspaceIds)}),
    parts as (
      select "workspaceId" as workspace_id, health, array_position(${[...HEALTHS]}::text[], health) as rank, true as is_calendar,
        case when health <> 'disabled' then "provenAt" end as proven_at
      from calendar_health
      union all
      select "workspaceId", health, array_position(${[...HEALTHS]}::text[], health), false, null from account_health
    )`;
}

const PENDING_RANK = HEALTHS.indexOf('pending') + 1;

/** Sums up all workspaces, in one query. */
export async function readOverallHealth(database: Database, options: StatusOptions): Promise<OverallHealth> {
  const [row] = await database.$queryRaw<
    {
      rank: number | null;
      workspaces: number;
      calendars: number;
      workspacesByHealth: Partial<Record<Health, number>> | null;
      byHealth: Partial<Record<Health, number>> | null;
      oldestProvenAt: Date | null;
      deadLetters: number;
    }[]
  >`
    with ${partsOf(options)}, worst as (
      select coalesce(min(p.rank), ${PENDING_RANK}::int) as rank
      from workspaces w left join parts p on p.workspace_id = w.id group by w.id
    )
    select (select min(rank) from worst)::int as rank,
      (select count(*) from workspaces)::int as workspaces,
      (select count(*) from parts where is_calendar)::int as calendars,
      (select jsonb_object_agg((${[...HEALTHS]}::text[])[rank], count) from (
        select rank, count(*) from worst group by rank) counts) as "workspacesByHealth",
      (select jsonb_object_agg(health, count) from (
        select health, count(*) from parts where is_calendar group by health) counts) as "byHealth",
      (select min(proven_at) from parts) as "oldestProvenAt",
      (select count(*) from dead_letters where status = 'open')::int as "deadLetters"`;
  if (row === undefined) throw new Error('An aggregate has a row.');
  const { rank, workspacesByHealth, byHealth, oldestProvenAt, ...counts } = row;
  return {
    health: healthOf(rank),
    ...counts,
    workspacesByHealth: workspacesByHealth ?? {},
    byHealth: byHealth ?? {},
    oldestProvenAt: oldestProvenAt?.toISOString() ?? null,
  };
}

type WorkspaceHealthRow = Omit<WorkspaceHealth, 'health' | 'oldestProvenAt'> & {
  rank: number;
  oldestProvenAt: Date | null;
};

/** One row a workspace, over the `parts` of `partsOf`. */
const LINES = Prisma.sql`
  select w.id, coalesce(min(p.rank), ${PENDING_RANK}::int)::int as rank,
    count(*) filter (where p.is_calendar)::int as calendars,
    count(*) filter (where p.is_calendar and p.health not in ('healthy', 'disabled'))::int as unhealthy,
    min(p.proven_at) as "oldestProvenAt",
    (select count(*)::int from dead_letters d where d.workspace_id = w.id and d.status = 'open') as "deadLetters"
  from workspaces w left join parts p on p.workspace_id = w.id`;

const toHealth = ({ rank, oldestProvenAt, ...row }: WorkspaceHealthRow): WorkspaceHealth => ({
  ...row,
  health: healthOf(rank),
  oldestProvenAt: oldestProvenAt?.toISOString() ?? null,
});

/** The health of these workspaces, or of all, ordered by ID. */
export async function readWorkspaceHealths(
  database: Database,
  workspaceIds: readonly string[] | null,
  options: StatusOptions,
): Promise<WorkspaceHealth[]> {
  const which =
    workspaceIds === null ? Prisma.empty : Prisma.sql`where w.id = any(${[...workspaceIds]}::text[])`;
  const rows = await database.$queryRaw<WorkspaceHealthRow[]>`
    with ${partsOf(options, workspaceIds)} ${LINES} ${which} group by w.id order by w.id`;
  return rows.map(toHealth);
}

/** The least healthy workspaces, worst first; equal ones ordered by their oldest proof. */
export async function readWorstWorkspaces(
  database: Database,
  limit: number,
  options: StatusOptions,
): Promise<WorkspaceHealth[]> {
  const rows = await database.$queryRaw<WorkspaceHealthRow[]>`
    with ${partsOf(options)} ${LINES} group by w.id
    order by rank, "oldestProvenAt" nulls first, w.id
    limit ${limit}::int`;
  return rows.map(toHealth);
}

/** Health of a rank; `pending` where there is no workspace. */
function healthOf(rank: number | null): Health {
  return HEALTHS[(rank ?? PENDING_RANK) - 1] ?? 'pending';
}
