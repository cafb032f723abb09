import type { EventRow } from '../../calendar/event-row.ts';
import type { Transaction } from '../../prisma/client.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import type { EventDifferenceKind } from './compare-events.ts';

/** Records the IDs that a page named. A repeated page replaces its earlier record. */
export async function notePage(
  transaction: Transaction,
  calendarId: string,
  page: number,
  googleEventIds: string[],
): Promise<void> {
  await transaction.calendarVerificationPage.upsert({
    where: { calendarId_page: { calendarId, page } },
    create: { calendarId, page, googleEventIds },
    update: { googleEventIds },
  });
}

/** Records listed events that the mirror lacks or holds differently, with Google's version. */
export async function noteListed(
  transaction: Transaction,
  calendarId: string,
  listed: readonly EventRow[],
  kinds: ReadonlyMap<string, EventDifferenceKind>,
): Promise<void> {
  if (kinds.size === 0) return;
  const records = listed
    .filter(({ googleEventId }) => kinds.has(googleEventId))
    .map(({ googleEventId: id, seriesId: series, resource }) => ({
      id,
      kind: kinds.get(id),
      series,
      resource,
    }));
  await transaction.$executeRaw`
    insert into calendar_differences (calendar_id, google_event_id, kind, series_id, resource)
    select ${calendarId}::uuid, id, kind, series, resource
    from jsonb_to_recordset(${toJsonb(records)}::jsonb) as r(id text, kind text, series text, resource jsonb)
    on conflict (calendar_id, google_event_id, kind) do update
    set status = 'open', series_id = excluded.series_id, resource = excluded.resource`;
}

/** Records stored events that no page of the finished listing named. */
export async function noteExtras(transaction: Transaction, calendarId: string): Promise<void> {
  await transaction.$executeRaw`
    insert into calendar_differences (calendar_id, google_event_id, kind, series_id)
    select e.calendar_id, e.google_event_id, 'extra', e.series_id from calendar_events e
    where e.calendar_id = ${calendarId}::uuid
      and not exists (
        select from (
          select unnest(google_event_ids) as id from calendar_verification_pages
          where calendar_id = ${calendarId}::uuid
        ) listed where listed.id = e.google_event_id)
    on conflict do nothing`;
}

/** Records single events and series whose occurrences differ. */
export async function noteOccurrences(
  transaction: Transaction,
  calendarId: string,
  sourceIds: readonly string[],
): Promise<void> {
  if (sourceIds.length === 0) return;
  await transaction.$executeRaw`
    insert into calendar_differences (calendar_id, google_event_id, kind)
    select ${calendarId}::uuid, unnest(${sourceIds}::text[]), 'occurrences'
    on conflict do nothing`;
}

/** Whether the calendar has an open difference. */
export async function anyDiffers(transaction: Transaction, calendarId: string): Promise<boolean> {
  return (await transaction.calendarDifference.findFirst({ where: { calendarId, status: 'open' } })) !== null;
}

/**
 * Marks differences as pending that come from changes after the mirror's sync token: the next sync brings
 * them. An exception goes with its series.
 */
export async function notePending(
  transaction: Transaction,
  calendarId: string,
  changedIds: readonly string[],
): Promise<void> {
  if (changedIds.length === 0) return;
  await transaction.$executeRaw`
    update calendar_differences set status = 'pending'
    where calendar_id = ${calendarId}::uuid and status = 'open' and kind <> 'occurrences'
      and (google_event_id = any(${changedIds}::text[]) or series_id = any(${changedIds}::text[]))`;
}
