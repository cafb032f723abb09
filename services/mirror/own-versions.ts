import type { EventRow } from '../../calendar/event-row.ts';
import type { Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** A version of an event that a write of our own has left behind in Google, and in the mirror. */
export interface AppliedVersion {
  calendarId: string;
  googleEventId: string;
  etag: string | null;
  /** Google's `updated`; of a deletion, that of the deleted version. */
  updated: string | null;
  deleted: boolean;
  /** Etags that it has replaced: that of the mirror, and that against which the write was made. */
  replaced: string[];
}

/** SQL: whether a write that failed half-way waits to be settled in a calendar. It costs a look at an index. */
export function hasHalfMade(calendarId: Prisma.Sql): Prisma.Sql {
  return Prisma.sql`exists (
    select from event_writes half
    where half.calendar_id = ${calendarId} and half.status = 'failed' and half.steps is not null)`;
}

/**
 * Versions that writes have left in a calendar since its listing began, in the order of the writes. A page that
 * was requested before a write was made shows the event as it was before. It is a statement of its own, after
 * the sync state is locked: one that waits for the lock does not see what was committed while it waited.
 */
export async function readOwnVersions(
  transaction: Transaction,
  calendarId: string,
): Promise<AppliedVersion[]> {
  const rows = await transaction.$queryRaw<{ version: AppliedVersion }[]>`
    select v as version
    from calendar_sync_states s
    join event_writes w on w.workspace_id = s.workspace_id and w.applied_at >= s.listing_started_at
    cross join jsonb_array_elements(w.applied) with ordinality as a (v, place)
    where s.calendar_id = ${calendarId}::uuid and v ->> 'calendarId' = s.calendar_id::text
    order by w.applied_at, place`;
  return rows.map(({ version }) => version);
}

/**
 * Whether a listed item is older than what writes of our own have left behind since the listing began. Etags
 * have no order, but those that were replaced are known. For any other, Google's `updated` has to tell: a person
 * has changed the event in between, or afterwards.
 */
function isOutdated({ etag, updated }: EventRow, own: readonly AppliedVersion[]): boolean {
  const latest = own.at(-1);
  if (latest === undefined) return false;
  if (etag === latest.etag) return latest.deleted;
  if (etag !== null && own.some((version) => version.etag === etag || version.replaced.includes(etag)))
    return true;
  if (updated === null || latest.updated === null) return true;
  return Date.parse(updated) <= Date.parse(latest.updated);
}

/**
 * A page without what writes of our own have overtaken, and the IDs that its sweep spares. The sync token of
 * the listing is older than those writes, so the next increment lists their events again.
 * @param own versions in the order in which the writes were made
 */
export function withoutOvertaken(
  upserts: readonly EventRow[],
  own: readonly AppliedVersion[],
): { upserts: readonly EventRow[]; spared: ReadonlySet<string> } {
  if (own.length === 0) return { upserts, spared: new Set() };
  const byEvent = new Map<string, AppliedVersion[]>();
  for (const version of own)
    byEvent.set(version.googleEventId, [...(byEvent.get(version.googleEventId) ?? []), version]);
  const isGone = (id: string) => byEvent.get(id)?.at(-1)?.deleted === true;
  return {
    upserts: upserts.filter(
      (row) =>
        !(row.seriesId !== null && isGone(row.seriesId)) &&
        !isOutdated(row, byEvent.get(row.googleEventId) ?? []),
    ),
    spared: new Set([...byEvent.keys()].filter((id) => !isGone(id))),
  };
}
