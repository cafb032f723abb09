import type { EventRow } from '../../calendar/event-row.ts';
import { Prisma } from '../../prisma/generated/client.ts';

/** A version of an event that a write of our own has left behind in Google, and in the mirror. */
export interface AppliedVersion {
  calendarId: string;
  googleEventId: string;
  etag: string | null;
  /** Google's `updated`; of a deletion, that of the deleted version. */
  updated: string | null;
  deleted: boolean;
}

/**
 * SQL expression for the versions that writes have left in the calendar of a sync state `s` since its listing
 * began, as JSON. A page that was requested before a write was made shows the event as it was before.
 */
export const VERSIONS_SINCE_LISTING = Prisma.sql`(
  select coalesce(jsonb_agg(v order by w.applied_at), '[]')
  from event_writes w, jsonb_array_elements(w.applied) v
  where w.workspace_id = s.workspace_id and w.applied_at >= s.listing_started_at
    and v ->> 'calendarId' = s.calendar_id::text)`;

/**
 * Whether a listed item is older than what a write of our own has left behind since the listing began. Only
 * Google's `updated` can tell: it seldom fails to grow, and then the next increment lists the event again.
 */
function isOutdated({ etag, updated }: EventRow, own: AppliedVersion): boolean {
  if (etag === own.etag) return own.deleted;
  if (updated === null || own.updated === null) return true;
  return Date.parse(updated) <= Date.parse(own.updated);
}

/**
 * A page without what writes of our own have overtaken, and the IDs that its sweep spares. The sync token of
 * the listing is older than those writes, so the next increment lists their events again.
 */
export function withoutOvertaken(
  upserts: readonly EventRow[],
  own: readonly AppliedVersion[],
): { upserts: readonly EventRow[]; spared: ReadonlySet<string> } {
  const latest = new Map(own.map((version) => [version.googleEventId, version]));
  const spared = new Set([...latest.values()].filter(({ deleted }) => !deleted).map((v) => v.googleEventId));
  if (latest.size === 0) return { upserts, spared };
  const isCurrent = (row: EventRow) => {
    const version = latest.get(row.googleEventId);
    const series = row.seriesId === null ? undefined : latest.get(row.seriesId);
    if (series?.deleted === true) return false;
    return version === undefined || !isOutdated(row, version);
  };
  return { upserts: upserts.filter(isCurrent), spared };
}
