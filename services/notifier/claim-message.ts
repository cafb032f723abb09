import { type NoticeKind, REPORT_NOTICES } from '../../contracts/notices.ts';
import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { dueReports } from './due-reports.ts';

/** Most subjects of one message; it lists the first ones and counts the others. */
const MOST_SUBJECTS = 1_000;
/** Most messages that are found at once. */
const MOST_MESSAGES = 50;
/** Longer than any attempt takes: its sender has died. */
const LOST_AFTER_SECONDS = 120;

const isReport = (notice: NoticeKind) => REPORT_NOTICES.some((report) => report === notice);

/** Open dead letters, and plans that were applied within a day. */
const NEWS = Prisma.sql`
    select id, workspace_id, first_failed_at as at,
      case when operation = 'consent' then 'needs-reconnect' else 'dead-letter' end as notice,
      null::uuid as notifier_id, null::date as day
    from dead_letters where status = 'open'
    union all
    select id, workspace_id, finished_at, 'plan-applied', null, null
    from schedule_runs
    where exists (select from notifiers where 'plan-applied' = any(notices))
      and status = 'applied' and finished_at > now() - interval '1 day'
      and (diff -> 'created') || (diff -> 'moved') || (diff -> 'deleted') <> '[]'::jsonb
`;

/** @param due query of `dueReports` */
const reportsOf = (due: Prisma.Sql) => Prisma.sql`
    select md5(notifier_id || '/' || to_char(day, 'YYYY-MM-DD'))::uuid as id, workspace_id, now() as at, notice,
      notifier_id, day
    from (${due}) due`;

/**
 * Subjects `s` of messages, and the notifiers `n` that want them and have not been notified. Plans are those
 * since the notifier was created.
 */
const wantedOf = (subjects: Prisma.Sql) => Prisma.sql`(${subjects}) s
  join notifiers n on (n.workspace_id is null or n.workspace_id = s.workspace_id)
    and (s.notifier_id is null or s.notifier_id = n.id)
    and s.notice = any(n.notices) and (s.notice <> 'plan-applied' or s.at > n.created_at)
    and not exists (
      select from notices told
      where told.notifier_id = n.id and told.notice = s.notice and told.subject_id = s.id)`;

/** A message to be sent. */
export interface Work {
  notifierId: string;
  notice: NoticeKind;
}

/** A message whose attempt is recorded. */
export interface ClaimedMessage extends Work {
  id: string;
  /** Number of this attempt, from 1. */
  attempts: number;
  at: Date;
}

/** Notifiers with something to send; those that have waited longest come first, and reports last. */
export async function findWork(database: Database): Promise<Work[]> {
  const subjects = Prisma.sql`${NEWS} union all ${reportsOf(await dueReports(database))}`;
  return database.$queryRaw<Work[]>`
    with due as (
      select notifier_id, notice from notifier_messages where status = 'retrying' and next_attempt_at <= now()
      union
      select n.id, s.notice from ${wantedOf(subjects)}
    )
    select n.id::text as "notifierId", due.notice
    from due join notifiers n on n.id = due.notifier_id
    where n.status = 'active' and not exists (
      select from notifier_messages m
      where m.notifier_id = n.id and m.notice = due.notice
        and (m.status = 'sending' or m.status = 'retrying' and m.next_attempt_at > now()))
    order by due.notice = any(${[...REPORT_NOTICES]}::text[]), n.last_message_at nulls first, n.id, due.notice
    limit ${MOST_MESSAGES}`;
}

/**
 * Claims a notifier's message: the refused one that is due, or a new one about all that is new. The claim is
 * committed before anything is sent, so that neither a crash nor a second sender sends it twice. Null: another
 * sender was faster.
 */
export async function claimMessage(
  database: Database,
  { notifierId, notice }: Work,
): Promise<ClaimedMessage | null> {
  return database.$transaction(async (transaction) => {
    const [notifier] = await transaction.$queryRaw<{ workspaceId: string | null }[]>`
      update notifiers set last_message_at = now() where id = (
        select id from notifiers where id = ${notifierId}::uuid and status = 'active' for no key update skip locked)
      returning workspace_id as "workspaceId"`;
    if (notifier === undefined) return null;
    const [repeated] = await transaction.$queryRaw<{ id: string; attempts: number; at: Date }[]>`
      update notifier_messages set status = 'sending', attempts = attempts + 1, attempted_at = now()
      where notifier_id = ${notifierId}::uuid and notice = ${notice} and status = 'retrying'
      returning id::text, attempts, attempted_at as at`;
    if (repeated !== undefined) return { notifierId, notice, ...repeated };
    const subjects = isReport(notice) ? reportsOf(await dueReports(transaction, notifierId)) : NEWS;
    const [made] = await transaction.$queryRaw<{ id: string; attempts: number; at: Date }[]>`
      with subjects as (
        select s.id, s.day from ${wantedOf(subjects)}
        where n.id = ${notifierId}::uuid and s.notice = ${notice}
        order by s.at, s.id
        limit ${MOST_SUBJECTS}
      ), message as (
        insert into notifier_messages (notifier_id, workspace_id, notice, subjects, agenda_day)
        select ${notifierId}::uuid, ${notifier.workspaceId}::text, ${notice}, count(*), max(day)
        from subjects having count(*) > 0
        on conflict do nothing
        returning id, attempts, attempted_at
      ), told as (
        insert into notices (notifier_id, notice, subject_id, message_id)
        select ${notifierId}::uuid, ${notice}, subjects.id, message.id from subjects, message
      )
      select id::text, attempts, attempted_at as at from message`;
    return made === undefined ? null : { notifierId, notice, ...made };
  });
}

/** Settles messages whose sender died between claim and outcome: they may have arrived. */
export async function settleLostMessages(database: Database): Promise<number> {
  return database.$executeRaw`
    update notifier_messages set status = 'unconfirmed', reason = 'its sender has stopped', settled_at = now()
    where status = 'sending' and attempted_at < now() - make_interval(secs => ${LOST_AFTER_SECONDS})`;
}
