import type { Database } from '../../prisma/client.ts';
import type { Notice, NoticeMessage } from '../notifier/notifier.ts';
import { HOUR_MS } from '../../contracts/durations.ts';

/** Of one message. The letters beyond are counted in it. */
const MOST_NOTICES = 20;
/** Any number, as long as nothing else locks it: senders take turns. */
const TURN_LOCK = 7_203_381;

/** Letters that one message tells of; they are told apart by the instant of their claim. */
interface ClaimedNotices extends NoticeMessage {
  claimedAt: Date;
}

/**
 * Claims every open letter that nobody has been told of, for one message. Null where there is none, or where the
 * last message was sent too short a time ago. Claims are committed before anything is sent, so that no crash and no
 * second sender sends a letter twice.
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
    // In a statement of its own: the next one has to see what the sender before has committed.
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

/** The message has arrived. */
export async function confirmNotices(database: Database, { claimedAt }: ClaimedNotices): Promise<void> {
  await database.$executeRaw`
    update dead_letters set notified_at = now() where notice_claimed_at = ${claimedAt}::timestamptz`;
}

/** The message has certainly not arrived: the next one tells of its letters. */
export async function releaseNotices(database: Database, { claimedAt }: ClaimedNotices): Promise<void> {
  await database.$executeRaw`
    update dead_letters set notice_claimed_at = null where notice_claimed_at = ${claimedAt}::timestamptz`;
}
