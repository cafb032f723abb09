import { toEventChange } from '../../calendar/event-row.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { type AppliedChange, appendChanges } from '../change-log/append-changes.ts';
import { busyRuleHeld } from '../mirror/busy-rule.ts';
import { expandSources } from '../mirror/expand-sources.ts';
import { readExpansionTarget } from '../mirror/expansion-target.ts';
import { HORIZON_FROM, HORIZON_TO } from '../mirror/horizon.ts';
import type { AppliedVersion } from '../mirror/own-versions.ts';
import { noteChanges, type ReadModelChanges, UNCHANGED } from '../mirror/read-model-changes.ts';
import { writeEvents } from '../mirror/write-events.ts';
import type { PendingWrite } from './write-rows.ts';

/** What a step has left behind in one calendar: an event as Google answered it, or none. */
export interface StepEffect {
  calendarId: string;
  googleEventId: string;
  /** Null: it is deleted, or has left the calendar. */
  event: GoogleEvent | null;
  /** The version that the step was made against, if it is known. */
  former?: { etag?: string | null; updated?: string | null } | undefined;
}

/**
 * Brings the effects of a step into the mirror, with the change log, and records its outcome, in one
 * transaction: the next read shows them. Calendars are locked in the order of their IDs, as everywhere.
 * @param record records the outcome; it throws if another attempt has done so
 */
export async function commitEffects(
  database: Database,
  { workspaceId, correlationId }: Pick<PendingWrite, 'workspaceId' | 'correlationId'>,
  effects: readonly StepEffect[],
  record: (transaction: Transaction, applied: AppliedVersion[]) => Promise<void>,
): Promise<void> {
  await database.$transaction(async (transaction) => {
    const sorted = effects.toSorted((a, b) => (a.calendarId < b.calendarId ? -1 : 1));
    const held: { effect: StepEffect; target: HeldCalendar }[] = [];
    for (const effect of sorted) {
      const target = await holdCalendar(transaction, effect);
      if (target !== null) held.push({ effect, target });
    }
    const versions: AppliedVersion[] = [];
    for (const effect of sorted) versions.push(await versionOf(transaction, effect));
    await record(transaction, versions);
    const changes: AppliedChange[] = [];
    const readModels: [calendarId: string, changes: ReadModelChanges][] = [];
    for (const { effect, target } of held) {
      const applied = await applyEffect(transaction, target, effect);
      changes.push(...applied.changes);
      readModels.push([effect.calendarId, applied.readModel]);
    }
    await appendChanges(transaction, { workspaceId, correlationId }, changes);
    for (const [calendarId, readModel] of readModels)
      await noteChanges(transaction, { workspaceId, calendarId }, readModel);
  });
}

type HeldCalendar = Awaited<ReturnType<typeof readExpansionTarget>>;

/**
 * Locks the sync state of a calendar, so that no page is committed meanwhile. The update also tells a
 * verification in progress that the mirror has changed. Null: the calendar no longer exists.
 */
async function holdCalendar(
  transaction: Transaction,
  { calendarId, event }: StepEffect,
): Promise<HeldCalendar | null> {
  // A changed series may have lost exceptions, which only a listing shows.
  const isDue = event?.recurrence?.length ? Prisma.sql`true` : Prisma.sql`false`;
  const rows = await transaction.$queryRaw<unknown[]>`
    update calendar_sync_states s
    set horizon_from = coalesce(horizon_from, ${HORIZON_FROM}), horizon_to = coalesce(horizon_to, ${HORIZON_TO}),
      last_changed_at = now(),
      notified_at = case when ${isDue} then clock_timestamp() else notified_at end,
      next_sync_at = case when ${isDue} then least(next_sync_at, now()) else next_sync_at end
    where calendar_id = ${calendarId}::uuid
    returning ${busyRuleHeld(Prisma.sql`s.workspace_id`)} as held`;
  return rows.length === 0 ? null : readExpansionTarget(transaction, calendarId);
}

async function versionOf(
  transaction: Transaction,
  { calendarId, googleEventId, event, former }: StepEffect,
): Promise<AppliedVersion> {
  const stored = await transaction.calendarEvent.findUnique({
    where: { calendarId_googleEventId: { calendarId, googleEventId } },
    select: { etag: true },
  });
  const { etag = null, updated = null } = event ?? former ?? {};
  const replaced = [stored?.etag, former?.etag].filter((one) => typeof one === 'string' && one !== etag);
  return {
    calendarId,
    googleEventId,
    etag,
    updated,
    deleted: event === null,
    replaced: replaced as string[],
  };
}

async function applyEffect(
  transaction: Transaction,
  target: HeldCalendar,
  { googleEventId, event }: StepEffect,
): Promise<{ changes: AppliedChange[]; readModel: ReadModelChanges }> {
  const { calendarId, timeZone } = target;
  const change = event === null ? null : toEventChange(event, timeZone);
  if (change?.op === 'skip') return { changes: [], readModel: UNCHANGED };
  const upserts = change?.op === 'upsert' ? [change.row] : [];
  const deletes = upserts.length === 0 ? [googleEventId] : [];
  const { upserted, deleted } = await writeEvents(transaction, calendarId, upserts, deletes);
  const sources = [...upserts, ...deleted].map(({ seriesId, googleEventId: id }) => seriesId ?? id);
  // As in a page: the read model follows the rows, within the span that is stored for the whole calendar.
  const span = { ...target, horizon: target.stored };
  const all = [...new Set([...sources, ...deletes])];
  const readModel = await expandSources(transaction, span, all, 'replace');
  return { changes: [...upserted, ...deleted], readModel };
}
