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

/** One row a workspace, over the `parts` of `partsOf`. */
const LINES = Prisma.sql`
  select w.id, coalesce(min(p.rank), ${PENDING_RANK}::int)::int as rank,
    count(*) filter (where p.is_calendar)::int as calendars,
    count(*) filter (where p.is_calendar and p.health not in ('healthy', 'disabled'))::int as unhealthy,
    min(p.proven_at) as "oldestProvenAt"
  from workspaces w left join parts p on p.workspace_id = w.id`;

/** Open dead letters of the workspace in `column`. */
const deadLettersOf = (column: Prisma.Sql) => Prisma.sql`
  (select count(*)::int from dead_letters d where d.workspace_id = ${column} and d.status = 'open') as "deadLetters"`;

/** `Instant` is text where the row comes as JSON. */
type WorkspaceHealthRow<Instant = Date> = Omit<WorkspaceHealth, 'health' | 'oldestProvenAt'> & {
  rank: number;
  oldestProvenAt: Instant | null;
};

const toHealth = ({ rank, oldestProvenAt, ...row }: WorkspaceHealthRow): WorkspaceHealth => ({
  ...row,
  health: healthOf(rank),
  oldestProvenAt: oldestProvenAt?.toISOString() ?? null,
});

interface InstallationRow {
  rank: number | null;
  workspaces: number;
  calendars: number;
  workspacesByHealth: Partial<Record<Health, number>> | null;
  byHealth: Partial<Record<Health, number>> | null;
  oldestProvenAt: Date | null;
  deadLetters: number;
  worst: WorkspaceHealthRow<string>[] | null;
}

/**
 * Sums up all workspaces and names the least healthy ones, worst first; equal ones are ordered by their oldest
 * proof. One query, because it looks at every calendar.
 */
export async function readInstallationHealth(
  database: Database,
  mostWorst: number,
  options: StatusOptions,
): Promise<{ overall: OverallHealth; worst: WorkspaceHealth[] }> {
  const [row] = await database.$queryRaw<InstallationRow[]>`
    with ${partsOf(options)}, lines as materialized (${LINES} group by w.id), worst as (
      select *, ${deadLettersOf(Prisma.sql`lines.id`)} from lines
      order by rank, "oldestProvenAt" nulls first, id limit ${mostWorst}::int
    )
    select (select min(rank) from lines)::int as rank,
      (select count(*) from lines)::int as workspaces,
      (select count(*) from parts where is_calendar)::int as calendars,
      (select jsonb_object_agg((${[...HEALTHS]}::text[])[rank], count) from (
        select rank, count(*) from lines group by rank) counts) as "workspacesByHealth",
      (select jsonb_object_agg(health, count) from (
        select health, count(*) from parts where is_calendar group by health) counts) as "byHealth",
      (select min(proven_at) from parts) as "oldestProvenAt",
      (select count(*) from dead_letters where status = 'open')::int as "deadLetters",
      (select jsonb_agg(to_jsonb(w) order by rank, "oldestProvenAt" nulls first, id) from worst w) as worst`;
  if (row === undefined) throw new Error('An aggregate has a row.');
  const { rank, workspacesByHealth, byHealth, oldestProvenAt, worst, ...counts } = row;
  return {
    overall: {
      health: healthOf(rank),
      ...counts,
      workspacesByHealth: workspacesByHealth ?? {},
      byHealth: byHealth ?? {},
      oldestProvenAt: oldestProvenAt?.toISOString() ?? null,
    },
    worst: (worst ?? []).map(({ oldestProvenAt: provenAt, ...line }) =>
      toHealth({ ...line, oldestProvenAt: provenAt === null ? null : new Date(provenAt) }),
    ),
  };
}

/** Sums up all workspaces. */
export async function readOverallHealth(database: Database, options: StatusOptions): Promise<OverallHealth> {
  return (await readInstallationHealth(database, 0, options)).overall;
}

/** The health of these workspaces, or of all, ordered by ID. */
export async function readWorkspaceHealths(
  database: Database,
  workspaceIds: readonly string[] | null,
  options: StatusOptions,
): Promise<WorkspaceHealth[]> {
  const which =
    workspaceIds === null ? Prisma.empty : Prisma.sql`where w.id = any(${[...workspaceIds]}::text[])`;
  const rows = await database.$queryRaw<WorkspaceHealthRow[]>`
    with ${partsOf(options, workspaceIds)}, lines as (${LINES} ${which} group by w.id)
    select *, ${deadLettersOf(Prisma.sql`lines.id`)} from lines order by id`;
  return rows.map(toHealth);
}

/** Health of a rank; `pending` where there is no workspace. */
function healthOf(rank: number | null): Health {
  return HEALTHS[(rank ?? PENDING_RANK) - 1] ?? 'pending';
}
