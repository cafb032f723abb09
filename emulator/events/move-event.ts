import { deleted, forbidden, invalidBody } from '../http/google-error.ts';
import type { EventResource } from '../state/types.ts';
import { duplicate } from './event-ids.ts';
import { requireWriter, type EventContext } from './event-context.ts';
import { checkIfMatch } from './if-match.ts';
import { resolveEvent } from './resolve-event.ts';

/** events.move: the source keeps a bare tombstone, the destination gets the event under the same ID. */
export function moveEvent(
  context: EventContext,
  destination: EventContext,
  id: string,
  ifMatch?: string,
): EventResource {
  requireWriter(context);
  requireWriter(destination);
  const { state, store } = context;
  const { resource, record } = resolveEvent(store, id);
  if (resource.status === 'cancelled') throw deleted();
  checkIfMatch(resource, ifMatch);
  if (!record || resource.recurringEventId !== undefined) {
    throw invalidBody('Instances of recurring events cannot be moved.', 'invalid');
  }
  if ((resource.eventType ?? 'default') !== 'default') {
    throw forbidden('eventTypeRestriction', 'Events of this type cannot be moved.', 'calendar');
  }
  if (destination.store.records.get(id)?.current.resource.status === 'confirmed') throw duplicate();
  const nowMs = state.nowMs();
  const updated = new Date(nowMs).toISOString();
  const family = [record, ...store.childrenOf(id)].map((each) => each.current);
  for (const { resource: moved, orphaned } of family) {
    const organizer = { email: destination.store.meta.id, self: true };
    destination.store.commit({ ...moved, organizer, updated }, nowMs, orphaned ?? false);
  }
  store.commit({ ...resource, status: 'cancelled', updated }, nowMs);
  state.notifyChanged(store);
  state.notifyChanged(destination.store);
  return destination.store.records.get(id)!.current.resource;
}
