import { formatInstant } from '../../contracts/instants.ts';
import type { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';
import { readProjectUsage } from '../google/project-usage.ts';
import { readOverallHealth } from '../health/roll-up.ts';
import { readPushCoverage } from '../push/push-coverage.ts';
import type { StatusOptions } from '../reading/status.ts';
import { readVersion } from '../version.ts';
import type { HealthReport } from './health-report.ts';

/** Settings that the report compares with. */
export interface HealthReportOptions extends StatusOptions {
  /** Requests to Google a day that are planned for. */
  dailyBudget: number;
}

interface Numbers extends Pick<HealthReport, 'webhooks' | 'messages'> {
  readAt: Date;
  lastVerifiedAt: Date | null;
  verified: number;
  drifted: number;
  lasting: number;
  postgres: string;
  lastMigration: string | null;
}

/** Reads the report on the whole installation. Its length does not grow with the number of workspaces. */
export async function readHealthReport(
  database: Database,
  { dailyBudget, ...options }: HealthReportOptions,
): Promise<HealthReport> {
  const { readAt, webhooks, messages, lastVerifiedAt, verified, drifted, lasting, ...versions } =
    await readNumbers(database);
  return {
    readAt: formatInstant(readAt.getTime()),
    overall: await readOverallHealth(database, options),
    oldestCalendar: await readOldestCalendar(database),
    failures: await readFailures(database),
    google: await readProjectUsage(database, dailyBudget),
    push: await readPushCoverage(database),
    webhooks,
    messages,
    verification: {
      lastAt: lastVerifiedAt?.toISOString() ?? null,
      calendars: verified,
      drifted,
      lasting,
    },
    versions: { almanac: readVersion(), node: process.versions.node, ...versions },
  };
}

async function readNumbers(database: Database): Promise<Numbers> {
  const [row] = await database.$queryRaw<Numbers[]>`
    select now() as "readAt",
      (select jsonb_build_object(
        'active', count(*) filter (where status = 'active'),
        'failing', count(*) filter (where status = 'active' and failures > 0),
        'paused', count(*) filter (where status = 'paused')) from webhook_subscriptions) as webhooks,
      (select jsonb_build_object(
        'delivered', count(*) filter (where status = 'delivered'),
        'unconfirmed', count(*) filter (where status = 'unconfirmed'),
        'failed', count(*) filter (where status = 'failed'))
        from notifier_messages where settled_at > now() - interval '1 day') as messages,
      max(s.verified_at) as "lastVerifiedAt",
      count(*) filter (where s.verified_at > now() - interval '7 days')::int as verified,
      count(*) filter (where s.verified_at > now() - interval '7 days' and s.drift > 0)::int as drifted,
      count(*) filter (where s.lasting_drift > 0)::int as lasting,
      current_setting('server_version') as postgres,
      (select max(migration_name) from _prisma_migrations where finished_at is not null) as "lastMigration"
    from calendar_sync_states s`;
  if (row === undefined) throw new Error('An aggregate has a row.');
  return row;
}

async function readOldestCalendar(database: Database): Promise<HealthReport['oldestCalendar']> {
  const [row] = await database.$queryRaw<
    { workspaceId: string; calendarId: string; provenAt: Date | null }[]
  >`
    select c.workspace_id as "workspaceId", c.id::text as "calendarId", s.proven_at as "provenAt"
    from calendars c
    join workspaces w on w.id = c.workspace_id and w.status = 'active'
    left join calendar_sync_states s on s.calendar_id = c.id
    where c.enabled and c.status <> 'removed'
    order by s.proven_at nulls first, c.id limit 1`;
  return row === undefined ? null : { ...row, provenAt: row.provenAt?.toISOString() ?? null };
}

async function readFailures(database: Database): Promise<HealthReport['failures']> {
  const rows = await database.$queryRaw<
    { failureType: FailureType; operation: string; deadLetters: number; since: Date }[]
  >`
    select failure_type as "failureType", operation, count(*)::int as "deadLetters", min(first_failed_at) as since
    from dead_letters where status = 'open'
    group by failure_type, operation order by count(*) desc, failure_type, operation`;
  return rows.map(({ since, ...row }) => ({ ...row, since: since.toISOString() }));
}
