import type { NoticeKind, ReportNotice } from '../../contracts/notices.ts';
import { RETRY_TABLE } from '../../contracts/retry-table.ts';
import type { Database } from '../../prisma/client.ts';
import type { ClaimedMessage } from './claim-message.ts';
import type { Message } from './message.ts';
import { noticeLines } from './notice-text.ts';
import type { Notice } from './notifier.ts';

/** Most dead letters listed in one message. The message counts the rest. */
const MOST_LISTED = 20;

type LetterNotice = Exclude<NoticeKind, 'plan-applied' | ReportNotice>;

const HEADLINES: Record<LetterNotice, (total: number) => string> = {
  'dead-letter': (total) =>
    total === 1 ? 'Almanac has a new dead letter' : `Almanac has ${total} new dead letters`,
  'needs-reconnect': (total) =>
    total === 1 ? 'An account has to be connected again' : `${total} accounts have to be connected again`,
};

const CLOSINGS: Record<LetterNotice, string> = {
  'dead-letter': 'List the dead letters to see every open one. Retry a dead letter when its cause is fixed.',
  'needs-reconnect': 'Until then their calendars are not synced. What is mirrored stays.',
};

/** The message about those of its dead letters that are still open. Null: none is. */
export async function composeLetters(
  database: Database,
  { id, at }: ClaimedMessage,
  notice: LetterNotice,
): Promise<Message | null> {
  const rows = await database.$queryRaw<(Notice & { total: number })[]>`
    select d.id::text, d.workspace_id as "workspaceId", d.calendar_id::text as "calendarId",
      d.account_id::text as "accountId", d.operation, d.failure_type as "failureType", d.attempts,
      d.workflow_id as "workflowId", d.run_id as "runId", d.correlation_id as "correlationId",
      d.first_failed_at as "firstFailedAt", count(*) over ()::int as total
    from notices t join dead_letters d on d.id = t.subject_id
    where t.message_id = ${id}::uuid and d.status = 'open'
    order by d.first_failed_at, d.id limit ${MOST_LISTED}`;
  const [first] = rows;
  if (first === undefined) return null;
  const notices = rows.map(({ total: _total, ...one }) => one);
  const more = first.total - notices.length;
  return {
    id,
    topic: notice,
    headline: HEADLINES[notice](first.total),
    lines: [...noticeLines({ notices, more }), CLOSINGS[notice]],
    data: {
      deadLetters: notices.map((one) => ({ ...one, advice: RETRY_TABLE[one.failureType].advice })),
      more,
    },
    at,
  };
}
