import type { Database } from '../../prisma/client.ts';
import type { Notice, NoticeMessage } from '../notifier/notifier.ts';
import { HOUR_MS } from '../../contracts/durations.ts';

/** Most dead letters listed in one message. The message counts the rest. */
const MOST_NOTICES = 20;
/** Key of the advisory lock by which senders take turns; unused elsewhere. */
const TURN_LOCK = 7_203_381;

/** Dead letters of one message, identified by the instant of their claim. */
interface ClaimedNotices extends NoticeMessage {
  claimedAt: Date;
}

/**
 * Claims every open dead letter that has not been announced, for one message. Null where there is none, or
 * where the last message was sent too recently. Claims are committed before anything is sent, so that neither
 * a crash nor a second sender announces a dead letter twice.
 */
export async function claimNotices(
  database: Database,
  messagesPerHour: number,
): Promise<ClaimedNotices | null> {
  const [waiting] = await database.$queryRaw<unknown[]>`
    select 1 from dead_letters where status = 'open' and notice_claimed_at is null limit 1`;
  if (waiting === undefined) return null;
  const spacingMs = HOUR_MS / messagesPerHour;
  const rows = await database.$transaction(async (transaction) => {
    // A separate statement, so that the next one sees the commit of the previous sender.
    await transaction.$queryRaw`select 1 from pg_advisory_xact_lock(${TURN_LOCK}::bigint)`;
    return transaction.$queryRaw<(Notice & { claimedAt: Date; total: number })[]>`
      with claimed as (
        update dead_letters set notice_claimed_at = now()
        where status = 'open' and notice_claimed_at is null and not exists (
          select from dead_letters sent
          where sent.notice_claimed_at > now() - ${spacingMs}::float8 * interval '1 millisecond')
        returning *
      )
      select id::text, workspace_id as "workspaceId", calendar_id::text as "calendarId",
        account_id::text as "accountId", operation, failure_type as "failureType", attempts,
        workflow_id as "workflowId", run_id as "runId", correlation_id as "correlationId",
        first_failed_at as "firstFailedAt", notice_claimed_at as "claimedAt", count(*) over ()::int as total
      from claimed order by first_failed_at, id limit ${MOST_NOTICES}`;
  });
  const [first] = rows;
  if (first === undefined) return null;
  const notices = rows.map(({ claimedAt: _claimedAt, total: _total, ...notice }) => notice);
  return { claimedAt: first.claimedAt, notices, more: first.total - notices.length };
}

/** Records that the message was delivered. */
export async function confirmNotices(database: Database, { claimedAt }: ClaimedNotices): Promise<void> {
  await database.$executeRaw`
    update dead_letters set notified_at = now() where notice_claimed_at = ${claimedAt}::timestamptz`;
}

/**
 * Releases the claim of a message that was certainly not delivered, so that the next one announces its dead
 * letters.
 */
export async function releaseNotices(database: Database, { claimedAt }: ClaimedNotices): Promise<void> {
  await database.$executeRaw`
    update dead_letters set notice_claimed_at = null where notice_claimed_at = ${claimedAt}::timestamptz`;
}
