import type { FieldsMask } from '../http/fields-mask.ts';
import type { AccessRole, EventRecord, EventResource, EventVersion } from '../state/types.ts';
import { applyFieldsMask } from '../http/fields-mask.ts';
import { dateTimeToMs } from '../recurrence/event-time.ts';
import { formatInstant } from '../recurrence/zones.ts';

/** A caller's view of events: everything besides the event that affects its JSON. */
export interface EventView {
  /** Names this view; equal keys render equally. */
  key: string;
  role: AccessRole;
  email: string;
  /** Zone whose offset date-times carry. */
  zone: string;
  /** Offset zone that stored date-times already carry. */
  storedZone: string;
  maxAttendees: number | undefined;
  itemMask: FieldsMask | true;
  richTombstones: boolean;
}

/** JSON of an event in a view; the last rendering of each event is kept. */
export function renderRecord(record: EventRecord, version: EventVersion, view: EventView): string {
  if (record.cachedVersion === version && record.cachedView === view.key) return record.cachedJson!;
  const json = renderResource(version.resource, view);
  record.cachedVersion = version;
  record.cachedView = view.key;
  record.cachedJson = json;
  return json;
}

export function renderResource(resource: EventResource, view: EventView): string {
  return JSON.stringify(applyFieldsMask(viewResource(resource, view), view.itemMask));
}

/** The event as this caller may see it in a listing. */
function viewResource(resource: EventResource, view: EventView): EventResource {
  if (resource.status === 'cancelled' && !view.richTombstones) return bareTombstone(resource);
  let seen = hidesDetails(resource, view.role) ? withoutDetails(resource) : resource;
  if (view.zone !== view.storedZone) seen = inZone(seen, view.zone);
  if (view.maxAttendees !== undefined && (seen.attendees?.length ?? 0) > view.maxAttendees) {
    seen = {
      ...seen,
      attendees: seen.attendees!.filter((attendee) => attendee.self),
      attendeesOmitted: true,
    };
  }
  return seen;
}

/** The event as this caller gets it by ID; deleted events keep their details there. */
export function viewSingle(resource: EventResource, view: EventView): unknown {
  return applyFieldsMask(viewResource(resource, { ...view, richTombstones: true }), view.itemMask);
}

/** The fields that Google guarantees for a deleted event. */
function bareTombstone(resource: EventResource): EventResource {
  const { kind, etag, id, status, recurringEventId, originalStartTime } = resource;
  return {
    kind,
    ...(etag !== undefined && { etag }),
    id,
    status,
    ...(recurringEventId !== undefined && { recurringEventId }),
    ...(originalStartTime !== undefined && { originalStartTime }),
  };
}

function hidesDetails(resource: EventResource, role: AccessRole): boolean {
  if (role === 'freeBusyReader') return true;
  const isPrivate = resource.visibility === 'private' || resource.visibility === 'confidential';
  return isPrivate && (role === 'reader' || role === 'writerWithoutPrivateAccess');
}

const PUBLIC_FIELDS = [
  'kind',
  'etag',
  'id',
  'status',
  'htmlLink',
  'created',
  'updated',
  'start',
  'end',
  'recurrence',
  'recurringEventId',
  'originalStartTime',
  'iCalUID',
  'sequence',
  'transparency',
  'eventType',
] as const;

function withoutDetails(resource: EventResource): EventResource {
  const kept: EventResource = { id: resource.id, status: resource.status, visibility: 'private' };
  const fields: Record<string, unknown> = kept;
  for (const field of PUBLIC_FIELDS) if (resource[field] !== undefined) fields[field] = resource[field];
  return kept;
}

function inZone(resource: EventResource, zone: string): EventResource {
  const moved: EventResource = { ...resource };
  for (const field of ['start', 'end', 'originalStartTime'] as const) {
    const time = resource[field];
    if (time?.dateTime) {
      moved[field] = { ...time, dateTime: formatInstant(dateTimeToMs(time.dateTime, time.timeZone), zone) };
    }
  }
  return moved;
}
