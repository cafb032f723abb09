import { cancellationSignal } from '@temporalio/activity';
import type { DeleteExpiredInput, RetentionSubject } from '../contracts/verification-activities.ts';
import { Prisma } from '../prisma/generated/client.ts';
import { compactChanges } from '../services/change-log/compact-changes.ts';
import { placeChanges } from '../services/change-log/place-changes.ts';
import { trimWorkspaceChanges } from '../services/change-log/trim-workspace-changes.ts';
import { storeUsage } from '../services/usage/store-usage.ts';
import { MOST_USAGE_DAYS } from '../contracts/limits.ts';
import { REPORT_NOTICES } from '../contracts/notices.ts';
import type { ActivityDependencies } from './dependencies.ts';

/** Bounds the locks and the transaction log of one statement. */
const ROWS_PER_STATEMENT = 5_000;

const DEAD_LETTER_DAYS = 90;
/** Their outcomes; longer than a message is retried. */
const NOTIFIER_MESSAGE_DAYS = 30;
/** Receipts of deleted workspaces: three years. */
const RECEIPT_DAYS = 3 * 365;
/** Longer than notifiers are notified of an applied plan. */
const PLAN_NOTICE_DAYS = 2;
/** Longer than a report is sent late, and than the weekday of a summary can be moved within its week. */
const REPORT_NOTICE_DAYS = 14;
const STOPPED_CHANNEL_DAYS = 30;
/** A quota bucket that was idle for a day is full, so its row can be deleted. */
const IDLE_QUOTA_DAYS = 1;
/** Usage by day: more than a year, so that any day can be compared with the year before. */
const USAGE_DAYS = MOST_USAGE_DAYS.ofOne;
/** Longer than any verification runs. */
const VERIFICATION_DAYS = 1;
/** Outcomes of writes, and what settles failed ones; their content is forgotten when they are finished. */
const EVENT_WRITE_DAYS = 30;
/** Longer than a run may take. */
const UNBEGUN_WRITE_DAYS = 1;
const WEBHOOK_DELIVERY_DAYS = 30;
/** Longer than any view of a link stays open. */
const EMBED_LINK_DAYS = 1;
/** The API ignores older ones. */
const IDEMPOTENCY_DAYS = 1;

const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000);

/** Statements that each delete the next rows of one table, for all workspaces alike. */
function deletions(
  subject: Exclude<RetentionSubject, 'change-log'>,
  runLogDays: number,
  now: Date,
): Prisma.Sql[] {
  const before = (days: number) => daysBefore(now, days);
  const limit = Prisma.sql`limit ${ROWS_PER_STATEMENT}::int`;
  switch (subject) {
    case 'run-log':
      // The latest run of a calendar stays, at any age: it holds the calendar's last outcome.
      return [
        Prisma.sql`
        delete from workspace_calendar_sync_log where id in (
          select l.id from workspace_calendar_sync_log l
          where l.started_at < ${before(runLogDays)} and exists (
            select from workspace_calendar_sync_log later
            where later.calendar_id = l.calendar_id and (later.started_at, later.id) > (l.started_at, l.id))
          ${limit})`,
      ];
    case 'dead-letters':
      return [
        Prisma.sql`
        delete from dead_letters where id in (
          select id from dead_letters
          where status <> 'open' and closed_at < ${before(DEAD_LETTER_DAYS)} ${limit})`,
        Prisma.sql`
        delete from notifier_messages where id in (
          select id from notifier_messages where created_at < ${before(NOTIFIER_MESSAGE_DAYS)} ${limit})`,
        // Notified of what is no longer kept.
        Prisma.sql`
        delete from notices where (notifier_id, notice, subject_id) in (
          select notifier_id, notice, subject_id from notices n
          where case
            when n.notice = 'plan-applied' then n.created_at < ${before(PLAN_NOTICE_DAYS)}
            when n.notice = any(${[...REPORT_NOTICES]}::text[]) then n.created_at < ${before(REPORT_NOTICE_DAYS)}
            else not exists (select from dead_letters d where d.id = n.subject_id) end
          ${limit})`,
        Prisma.sql`
        delete from workspace_receipts where id in (
          select id from workspace_receipts where finished_at < ${before(RECEIPT_DAYS)} ${limit})`,
      ];
    case 'google-quotas':
      return [
        Prisma.sql`
        delete from google_quotas where scope in (
          select scope from google_quotas
          where greatest(spent_until, blocked_until) < ${before(IDLE_QUOTA_DAYS)} ${limit})`,
        Prisma.sql`
        delete from google_requests where (day, workspace_id, method) in (
          select day, workspace_id, method from google_requests
          where day < ${before(USAGE_DAYS)}::date ${limit})`,
        Prisma.sql`
        delete from workspace_usage where (day, workspace_id) in (
          select day, workspace_id from workspace_usage
          where day < ${before(USAGE_DAYS)}::date ${limit})`,
        Prisma.sql`
        delete from google_request_days where day < ${before(USAGE_DAYS)}::date`,
      ];
    case 'watch-channels':
      return [
        Prisma.sql`
        delete from watch_channels where id in (
          select id from watch_channels
          -- The upkeep stops every expired channel, also those of disconnected accounts.
          where status = 'stopped' and coalesce(expires_at, created_at) < ${before(STOPPED_CHANNEL_DAYS)} ${limit})`,
      ];
    case 'verifications':
      return [
        Prisma.sql`
        delete from calendar_verifications where calendar_id in (
          select calendar_id from calendar_verifications
          where started_at < ${before(VERIFICATION_DAYS)} ${limit})`,
      ];
    case 'idempotency-keys':
      return [
        Prisma.sql`
        delete from event_writes where id in (
          select id from event_writes
          where created_at < ${before(EVENT_WRITE_DAYS)}
            -- Stored by a process that died before it started a run, and never asked for again.
            or status = 'pending' and steps is null and created_at < ${before(UNBEGUN_WRITE_DAYS)} ${limit})`,
        // The latest attempts of each webhook only, of which those of an idle one grow old.
        Prisma.sql`
        delete from webhook_deliveries where (subscription_id, number) in (
          select subscription_id, number from webhook_deliveries
          where attempted_at < ${before(WEBHOOK_DELIVERY_DAYS)} ${limit})`,
        Prisma.sql`
        delete from idempotency_keys where (caller, key) in (
          select caller, key from idempotency_keys
          where created_at < ${before(IDEMPOTENCY_DAYS)} ${limit})`,
        // Abandoned sign-ins, which the API makes as well. Each holds a verifier that is useless once it has
        // expired.
        Prisma.sql`
        delete from connect_attempts where id in (
          select id from connect_attempts where expires_at < ${now} ${limit})`,
        Prisma.sql`
        delete from console_sessions where id in (
          select id from console_sessions where expires_at < ${now} ${limit})`,
        // For a while its page still says that it has expired.
        Prisma.sql`
        delete from embed_links where id in (
          select id from embed_links where expires_at < ${before(EMBED_LINK_DAYS)} ${limit})`,
      ];
  }
}

/**
 * Deletes expired rows of one subject, statement by statement, each in its own transaction: if the worker is
 * lost, a retry resumes where it ended.
 */
export function createDeleteExpired({ database, retention, now }: ActivityDependencies) {
  return async function deleteExpired({ subject }: DeleteExpiredInput): Promise<number> {
    if (subject === 'change-log') {
      await placeChanges(database, { signal: cancellationSignal() });
      const before = daysBefore(await now(), retention.changeLogDays);
      const trimmed = await trimWorkspaceChanges(database, before, cancellationSignal());
      return trimmed + (await compactChanges(database, before, cancellationSignal()));
    }
    // Counted from runs and writes before these are deleted. Not a step of its own, which running workflows lack.
    if (subject === 'run-log') await storeUsage(database, cancellationSignal());
    let deleted = 0;
    for (let table = 0; ;) {
      cancellationSignal().throwIfAborted();
      const statement = deletions(subject, retention.runLogDays, await now())[table];
      if (statement === undefined) return deleted;
      const rows = await database.$executeRaw(statement);
      deleted += rows;
      if (rows < ROWS_PER_STATEMENT) table += 1;
    }
  };
}
