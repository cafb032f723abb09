import type { WriteCounts, WriteOperation, WriteRefusal } from '../../contracts/writing.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { failure } from '../failures.ts';
import { type AppliedVersion, hasHalfMade } from '../mirror/own-versions.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import type { Write } from './event-input.ts';
import type { Content } from './google-content.ts';
import type { Target } from './targets.ts';

/** A write as it is stored until it is finished. */
export interface StoredRequest {
  write: Write;
  /** The occurrence that it is about. Null: a new event. */
  target: Target | null;
  /** Zone of times without one: the workspace's. */
  timeZone: string;
}

/** One request to Google. */
export interface Step {
  kind: 'insert' | 'patch' | 'delete' | 'move';
  googleEventId: string;
  /** Of an insert or a patch. */
  content?: Content;
  /** Version that the event must have. */
  etag?: string;
  /** Whether guests are not told, whatever the caller chose: another step tells them. */
  isQuiet?: true;
  /** Calendar to which an event moves. */
  destination?: string;
  /** Whether the series ends before the write's occurrence: Google resets what was changed from there on. */
  endsSeries?: true;
}

/** An unfinished write. */
export interface PendingWrite {
  id: string;
  workspaceId: string;
  calendarId: string;
  operation: WriteOperation;
  request: StoredRequest;
  /** Null: they are not known yet. */
  steps: Step[] | null;
  /** Index of the next step. */
  step: number;
  /** `sent`: Google may have done the next step. */
  status: 'pending' | 'sent';
  correlationId: string | null;
  /** Whether an earlier write of the same event is unfinished. */
  isBehind: boolean;
  /** Whether an earlier write in the calendar failed half-way, and is to be settled first. */
  isAfterHalfMade: boolean;
}

/**
 * A batch that has made nothing for longer has lost its run; sooner, if no run has ever begun with it. Until
 * then its writes come first, also those that it has not begun.
 */
const ABANDONED_AFTER_MINUTES = { begun: 30, waiting: 2 };

/** The next write of a batch, which may be one whose answer was lost. Null: none is left. */
export async function nextWrite(
  database: Database,
  workspaceId: string,
  batchId: string,
): Promise<PendingWrite | null> {
  const [write] = await database.$queryRaw<PendingWrite[]>`
    select w.id::text as id, w.workspace_id as "workspaceId", w.calendar_id::text as "calendarId", w.operation,
      w.request, w.steps, w.step, w.status, w.correlation_id as "correlationId",
      exists (
        select from event_writes earlier
        cross join lateral (
          select max(b.settled_at) as last_at, bool_or(b.steps is not null or b.settled_at is not null) as begun
          from event_writes b where b.batch_id = earlier.batch_id) run
        where earlier.workspace_id = w.workspace_id and earlier.calendar_id = w.calendar_id and earlier.subject = w.subject and earlier.sequence < w.sequence
          and earlier.status in ('pending', 'sent') and earlier.batch_id <> w.batch_id
          and greatest(earlier.created_at, run.last_at) > now() - interval '1 minute' * case when run.begun
            then ${ABANDONED_AFTER_MINUTES.begun}::int else ${ABANDONED_AFTER_MINUTES.waiting}::int end) as "isBehind",
      ${hasHalfMade(Prisma.sql`w.calendar_id`)} as "isAfterHalfMade"
    from event_writes w
    where w.batch_id = ${batchId}::uuid and w.workspace_id = ${workspaceId} and w.status in ('pending', 'sent')
    order by w.position limit 1`;
  return write ?? null;
}

export function overtaken({ id }: Pick<PendingWrite, 'id'>): Error {
  return failure(FailureType.fenced, `Write ${id} was made by another attempt.`);
}

/**
 * Records the steps and the intent to make the next one. After a crash, Google may have made it.
 * @returns etag of its event in the mirror; null: the mirror has none
 */
export async function announceStep(
  database: Database,
  write: PendingWrite,
  steps: readonly Step[],
): Promise<string | null> {
  // The version is of the snapshot in which the step is not made yet, so no later write has left it behind.
  const [announced] = await database.$queryRaw<{ etag: string | null }[]>`
    update event_writes w set steps = ${toJsonb(steps)}::jsonb, status = 'sent'
    where id = ${write.id}::uuid and step = ${write.step}::int and status in ('pending', 'sent')
    returning (
      select e.etag from calendar_events e
      where e.calendar_id = w.calendar_id and e.google_event_id = ${steps[write.step]?.googleEventId ?? ''})`;
  if (announced === undefined) throw overtaken(write);
  return announced.etag;
}

/**
 * Makes sure that no other attempt has made the step. One that was frozen, or whose request was long on its
 * way, must not repeat it: later writes may have followed.
 */
export async function requireUnmade(database: Database, write: PendingWrite): Promise<void> {
  const rows = await database.$queryRaw<unknown[]>`
    select from event_writes where id = ${write.id}::uuid and step = ${write.step}::int and status = 'sent'`;
  if (rows.length === 0) throw overtaken(write);
}

/**
 * Records that a step was made, in the transaction that brings it into the mirror. After the last step the
 * content is forgotten.
 */
export async function recordStep(
  transaction: Transaction,
  write: PendingWrite,
  applied: readonly AppliedVersion[],
  isLast: boolean,
): Promise<void> {
  const rows = await transaction.$executeRaw`
    update event_writes
    set step = step + 1, applied = applied || ${toJsonb(applied)}::jsonb, applied_at = clock_timestamp(),
      status = case when ${isLast}::boolean then 'done' else 'pending' end,
      request = case when not ${isLast}::boolean then request end,
      steps = case when not ${isLast}::boolean then steps end,
      settled_at = case when ${isLast}::boolean then clock_timestamp() end
    where id = ${write.id}::uuid and step = ${write.step}::int and status in ('pending', 'sent')`;
  if (rows === 0) throw overtaken(write);
}

/** A write that Google, or the state of its event, does not permit. */
export interface Refused {
  refusal: WriteRefusal;
  /** Google's word for it. */
  reason?: string | null;
  /** Etag of the event as it is, if the caller expected another one. */
  version?: string | null;
}

/** Records that the rest of a write will not be made, and forgets its content. */
export async function refuseWrite(
  database: Database | Transaction,
  write: PendingWrite,
  { refusal, reason = null, version = null }: Refused,
  applied: readonly AppliedVersion[] = [],
): Promise<void> {
  const rows = await database.$executeRaw`
    update event_writes
    set applied = applied || ${toJsonb(applied)}::jsonb, applied_at = clock_timestamp(), status = 'refused', refusal = ${refusal}, google_reason = ${reason}, version = ${version},
      request = null, steps = null, settled_at = clock_timestamp()
    where id = ${write.id}::uuid and step = ${write.step}::int and status in ('pending', 'sent')`;
  if (rows === 0) throw overtaken(write);
}

/**
 * What is left of a write that is given up. A series that may be split half-way has to be settled: only the IDs
 * of its steps are kept for that, without content.
 */
const GIVEN_UP = Prisma.sql`
  status = 'failed', settled_at = clock_timestamp(),
  request = case when ${isHalfMade()} then jsonb_build_object(
    'write', jsonb_strip_nulls(jsonb_build_object('sendUpdates', request #> '{write,sendUpdates}')),
    'target', request -> 'target') end,
  steps = case when ${isHalfMade()} then (
    select jsonb_agg(s - 'content' - 'etag' order by place)
    from jsonb_array_elements(steps) with ordinality as a(s, place)) end`;

/** A split inserts the continuation first. A write of one step, and an event that moves, leave nothing twice. */
function isHalfMade(): Prisma.Sql {
  return Prisma.sql`(steps #>> '{0,kind}' = 'insert' and jsonb_array_length(steps) > 1 and (step > 0 or status = 'sent'))`;
}

/** Records that a write was given up, and forgets its content. */
export async function failWrite(
  database: Database,
  { id }: PendingWrite,
  failureType: FailureType,
): Promise<void> {
  await database.$executeRaw`
    update event_writes
    set ${GIVEN_UP}, refusal = ${failureType}
    where id = ${id}::uuid and status in ('pending', 'sent')`;
}

/** Records that the unfinished writes of a batch were given up, and forgets their content. */
export async function failWrites(
  database: Database,
  { workspaceId, batchId, failureType }: { workspaceId: string; batchId: string; failureType: FailureType },
): Promise<WriteCounts> {
  await database.$executeRaw`
    update event_writes
    set ${GIVEN_UP}, refusal = ${failureType}
    where batch_id = ${batchId}::uuid and workspace_id = ${workspaceId} and status in ('pending', 'sent')`;
  return countWrites(database, workspaceId, batchId);
}

export async function countWrites(
  database: Database,
  workspaceId: string,
  batchId: string,
): Promise<WriteCounts> {
  const [counts] = await database.$queryRaw<WriteCounts[]>`
    select count(*)::int as total, (count(*) filter (where status = 'done'))::int as done,
      (count(*) filter (where status = 'refused'))::int as refused,
      (count(*) filter (where status = 'failed'))::int as failed
    from event_writes where batch_id = ${batchId}::uuid and workspace_id = ${workspaceId}`;
  return counts!;
}
