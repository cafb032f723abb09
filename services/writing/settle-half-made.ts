import { ApplicationFailure } from '@temporalio/common';
import { toEventChange } from '../../calendar/event-row.ts';
import { itemFields } from '../../calendar/event-fields.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import { splitSeries } from '../../calendar/series-edit.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { WriteRefusal } from '../../contracts/writing.ts';
import type { Database } from '../../prisma/client.ts';
import { createEventCalls, type EventCalls } from '../google/event-calls.ts';
import { GoogleCallError } from '../google/google-failure.ts';
import { writeAgainst } from '../google/write-once.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import { commitEffects, type StepEffect } from './commit-step.ts';
import { isMarked, marked } from './google-content.ts';
import { isCancelled, isRefusal, parseEvent, type WriteContext } from './run-write.ts';
import { findWritable, type WritableCalendar } from './writable-calendar.ts';
import { overtaken, type Step } from './write-rows.ts';
import type { Target } from './targets.ts';

/** Bounds what precedes a listing or a write. Others follow with the next one. */
const MOST_AT_ONCE = 10;
/** Longer than a request to Google can be on its way: until then an insert that has left nothing may still do. */
const LATE_INSERT_MINUTES = 15;
/** What a write was refused for that Google did not permit, once nothing is left of it. */
const REFUSALS = {
  [FailureType.googleForbidden]: 'forbidden',
  [FailureType.googleBadRequest]: 'rejected',
} satisfies Partial<Record<FailureType, WriteRefusal>>;
const NOT_FOUND = 404;
const DELETED = 410;

/** A split that failed, and that Google may have made in part. */
interface HalfMade {
  id: string;
  workspaceId: string;
  calendarId: string;
  /** Without content. The first inserts the continuation, the last ends the old series. */
  steps: Step[];
  /** Index of the step with which it failed. */
  step: number;
  request: { write: { sendUpdates?: string }; target: Target };
  correlationId: string | null;
  mayComeLate: boolean;
}

/**
 * Settles the splits of a calendar that failed half-way, so that no occurrence stays twice. If the old series no
 * longer has the occurrence from which on it was split, it has been ended, by the write or by a person, or it is
 * gone: then everything stays as it is. Otherwise the continuation is deleted, and guests who may have been
 * invited to it are told. That includes what people have changed about the continuation since: the old series
 * has every occurrence, and Google's bin has the continuation.
 *
 * It can be repeated after a crash at any instruction, and two attempts do no harm to each other. What Google
 * does not permit is left for the next time.
 */
export async function settleHalfMade(context: WriteContext, calendarId: string): Promise<void> {
  const writes = await context.database.$queryRaw<HalfMade[]>`
    select id::text as id, workspace_id as "workspaceId", calendar_id::text as "calendarId", steps, step, request,
      correlation_id as "correlationId",
      settled_at > now() - ${LATE_INSERT_MINUTES}::int * interval '1 minute' as "mayComeLate"
    from event_writes
    where calendar_id = ${calendarId}::uuid and status = 'failed' and steps is not null
    order by sequence limit ${MOST_AT_ONCE}::int`;
  if (writes.length === 0) return;
  const calendar = await findWritable(context.database, calendarId);
  if (calendar === null) return;
  const calls = createEventCalls(context.google, context.signal, itemFields(calendar.detail), parseEvent);
  for (const write of writes) {
    try {
      await settle(context.database, calendar, calls, write);
    } catch (error) {
      const isOthers = error instanceof ApplicationFailure && error.type === FailureType.fenced;
      if (!isOthers && !isUnreachable(error)) throw error;
    }
  }
}

const statusOf = (error: unknown) => (error instanceof GoogleCallError ? error.failure.status : null);

/** Google also hides a calendar whose access was withdrawn, which may come back. */
const isUnreachable = (error: unknown) =>
  error instanceof GoogleCallError && (isRefusal(error) || statusOf(error) === NOT_FOUND);

/** Settles what can be settled now. What fails at Google does not keep the caller from its own work. */
export async function settleIfPossible(context: WriteContext, calendarId: string): Promise<void> {
  try {
    await settleHalfMade(context, calendarId);
  } catch (error) {
    if (!(error instanceof GoogleCallError || error instanceof ApplicationFailure)) throw error;
  }
}

async function settle(
  database: Database,
  calendar: WritableCalendar,
  calls: EventCalls<GoogleEvent>,
  write: HalfMade,
): Promise<void> {
  const { calendarId } = calendar;
  const continuation = { ...calendar, googleEventId: write.steps[0]!.googleEventId };
  const effects = await keepUnended(database, calendar, calls, write);
  if (effects !== null) {
    const { sendUpdates } = write.request.write;
    const wasInserted = await deleted(() => calls.delete(continuation, { sendUpdates }));
    if (!wasInserted && write.mayComeLate) return;
    effects.push({ calendarId, googleEventId: continuation.googleEventId, event: null });
  }
  await commitEffects(database, write, effects ?? [], async (transaction, applied) => {
    const rows = await transaction.$executeRaw`
      update event_writes
      set request = null, steps = null, applied = applied || ${toJsonb(applied)}::jsonb, applied_at = clock_timestamp(),
        (status, refusal) = (
          select case when kind is null then status else 'refused' end, coalesce(kind, refusal)
          from (select case when ${effects !== null}::boolean then ${toJsonb(REFUSALS)}::jsonb ->> refusal end as kind) known)
      where id = ${write.id}::uuid and status = 'failed' and steps is not null`;
    if (rows === 0) throw overtaken(write);
  });
}

/** Whether the event was there to delete, now or before: its ID is not free again. */
async function deleted(work: () => Promise<void>): Promise<boolean> {
  try {
    await work();
  } catch (error) {
    if (statusOf(error) === NOT_FOUND) return false;
    if (statusOf(error) !== DELETED) throw error;
  }
  return true;
}

/**
 * Makes sure that the old series goes on. A request that ends it may still be on its way: it goes with a version,
 * which a mark replaces.
 * @returns effects on the old series; null: it has been ended
 */
async function keepUnended(
  database: Database,
  calendar: WritableCalendar,
  calls: EventCalls<GoogleEvent>,
  write: HalfMade,
): Promise<StepEffect[] | null> {
  const last = write.steps.length - 1;
  const { googleEventId } = write.steps[last]!;
  const address = { ...calendar, googleEventId };
  const mark = `${write.id}/undone`;
  const effect = (event: GoogleEvent, etag: string | null = null): StepEffect[] => [
    { calendarId: calendar.calendarId, googleEventId, event, former: { etag } },
  ];
  return writeAgainst<GoogleEvent, StepEffect[] | null>(
    null,
    async (etag) => effect(await calls.patch(address, marked({}, mark), { sendUpdates: 'none', etag }), etag),
    () => readUnlessDeleted(() => calls.get(address)),
    async (series) => {
      if (series === null || isMarked(series, `${write.id}/${last}`)) return { outcome: null };
      if (!hasOccurrence(series, write.request.target, calendar.timeZone)) return { outcome: null };
      if (write.step < last) return { outcome: [] };
      if (isMarked(series, mark)) return { outcome: effect(series) };
      await requireHalfMade(database, write);
      return { etag: series.etag ?? null };
    },
  );
}

async function readUnlessDeleted(get: () => Promise<GoogleEvent>): Promise<GoogleEvent | null> {
  try {
    const event = await get();
    return isCancelled(event) ? null : event;
  } catch (error) {
    if (statusOf(error) === DELETED) return null;
    throw error;
  }
}

/** Later writes may have followed what another attempt has settled. */
async function requireHalfMade(database: Database, write: HalfMade): Promise<void> {
  const rows = await database.$queryRaw<unknown[]>`
    select from event_writes where id = ${write.id}::uuid and status = 'failed' and steps is not null`;
  if (rows.length === 0) throw overtaken(write);
}

function hasOccurrence(series: GoogleEvent, { originalStart }: Target, timeZone: string): boolean {
  const change = toEventChange(series, timeZone);
  if (change.op !== 'upsert' || originalStart === null) return false;
  const split = splitSeries(change.row, originalStart, []);
  return split === null || !('refusal' in split);
}
