import type { EventRecord, EventResource } from '../state/types.ts';
import type { EventContext } from './event-context.ts';
import { reconcileExceptions, rhythmChanged } from './exceptions.ts';

/** Commits a new event with the fields Google adds. */
export function create(context: EventContext, fields: EventResource): EventResource {
  const resource = commitNew(context, fields);
  context.state.notifyChanged(context.store);
  return resource;
}

/** Commits a new event with the fields Google adds, without notifying watchers: for bulk inserts. */
export function commitNew(context: EventContext, fields: EventResource): EventResource {
  const { state, store, email } = context;
  const nowMs = state.nowMs();
  const now = new Date(nowMs).toISOString();
  const ownPrimary = store.meta.id === email;
  const record = store.commit(
    {
      kind: 'calendar#event',
      etag: '',
      htmlLink: `https://www.google.com/calendar/event?eid=${Buffer.from(`${fields.id} ${store.meta.id}`).toString('base64url')}`,
      created: now,
      updated: now,
      creator: { email, ...(ownPrimary && { self: true }) },
      organizer: {
        email: store.meta.id,
        ...(!store.meta.primary && { displayName: store.meta.summary }),
        self: true,
      },
      sequence: 0,
      ...fields,
    },
    nowMs,
  );
  return record.current.resource;
}

/** Commits a change unless nothing changed, in which case the ETag stays. */
export function commitChange(
  context: EventContext,
  former: EventResource,
  next: EventResource,
): EventResource {
  const { state, store } = context;
  if (comparable(former) === comparable(next)) return former;
  const nowMs = state.nowMs();
  const moved =
    JSON.stringify([former.start, former.end, former.recurrence]) !==
    JSON.stringify([next.start, next.end, next.recurrence]);
  const onlyReminders =
    comparable({ ...former, reminders: null }) === comparable({ ...next, reminders: null });
  const record = store.commit(
    {
      ...next,
      sequence: (former.sequence ?? 0) + (moved ? 1 : 0),
      updated: onlyReminders ? (former.updated ?? '') : new Date(nowMs).toISOString(),
    },
    nowMs,
  );
  if (former.recurrence && rhythmChanged(former, next)) reconcileExceptions(store, record, former, nowMs);
  state.notifyChanged(store);
  return record.current.resource;
}

/** Fields of a stored event that no client can set. */
export function keptFields(former: EventResource) {
  const { kind, etag, id, htmlLink, created, creator, organizer, iCalUID, sequence } = former;
  const { recurringEventId, originalStartTime, updated } = former;
  return {
    kind,
    etag: etag ?? '',
    id,
    htmlLink,
    created: created ?? '',
    updated: updated ?? '',
    creator,
    ...(organizer && { organizer }),
    iCalUID: iCalUID ?? '',
    sequence: sequence ?? 0,
    ...(recurringEventId !== undefined && { recurringEventId }),
    ...(originalStartTime !== undefined && { originalStartTime }),
  };
}

function comparable(resource: EventResource): string {
  const { etag: _etag, updated: _updated, sequence: _sequence, ...rest } = resource;
  return JSON.stringify(
    Object.entries(rest)
      .filter(([, value]) => value !== undefined)
      .toSorted(([a], [b]) => (a < b ? -1 : 1)),
  );
}

/** Gives the exceptions of a series new change numbers, so that they are delivered again. */
export function recommitChildren(context: EventContext, masterId: string): void {
  const { state, store } = context;
  const children: EventRecord[] = [...store.childrenOf(masterId)];
  for (const { current } of children)
    store.commit(current.resource, state.nowMs(), current.orphaned ?? false);
}
