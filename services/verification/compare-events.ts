import type { EventRow } from '../../calendar/event-row.ts';
import type { GoogleEvent } from '../../calendar/google-event.ts';
import { isSameEvent } from '../../calendar/same-event.ts';
import type { DifferenceKind } from '../../contracts/verification.ts';
import type { Transaction } from '../../prisma/client.ts';
import { toJsonb } from '../mirror/to-jsonb.ts';
import { mapInTurns } from '../mirror/map-in-turns.ts';
import { toEventRecord } from '../mirror/write-events.ts';

export type EventDifferenceKind = Exclude<DifferenceKind, 'extra' | 'occurrences'>;

interface DifferingRow {
  id: string;
  kind: EventDifferenceKind;
  /** Whether only the items differ, not the columns. Google may write an item in different ways. */
  itemOnly: boolean;
  stored: GoogleEvent | null;
  listed: GoogleEvent;
}

/** Listed events that the mirror lacks or holds differently, as this transaction sees it. */
export async function compareEvents(
  transaction: Transaction,
  { calendarId, timeZone }: { calendarId: string; timeZone: string },
  listed: readonly EventRow[],
): Promise<Map<string, EventDifferenceKind>> {
  if (listed.length === 0) return new Map();
  const records = await mapInTurns(listed, toEventRecord);
  const rows = await transaction.$queryRaw<DifferingRow[]>`
    with listed as materialized (
      select * from jsonb_to_recordset(${toJsonb(records)}::jsonb) as r(
        id text, kind text, status text, etag text, series text, start_at timestamptz(3), end_at timestamptz(3),
        start_date date, end_date date, series_end timestamptz(3), resource jsonb)
    ), compared as (
      select r.id, e.calendar_id is null as missing, e.etag is distinct from r.etag as "otherEtag",
        (e.kind, e.status, e.series_id, e.start_at, e.end_at, e.start_date, e.end_date, e.series_end)
          is distinct from (r.kind, r.status, r.series, r.start_at, r.end_at, r.start_date, r.end_date, r.series_end)
          as "otherColumns",
        e.resource as stored, r.resource as listed
      from listed r
      left join calendar_events e on e.calendar_id = ${calendarId}::uuid and e.google_event_id = r.id
    )
    select id, case when missing then 'missing' when "otherEtag" then 'etag' else 'content' end as kind,
      not (missing or "otherEtag" or "otherColumns") as "itemOnly",
      case when not (missing or "otherEtag" or "otherColumns") then stored end as stored, listed
    from compared where missing or "otherEtag" or "otherColumns" or stored is distinct from listed`;
  const differing = rows.filter(
    ({ itemOnly, stored, listed: item }) =>
      !itemOnly || stored === null || !isSameEvent(stored, item, timeZone),
  );
  return new Map(differing.map(({ id, kind }) => [id, kind]));
}
