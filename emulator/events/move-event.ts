import { mailGuests } from '../mail/mail-guests.ts';
import { deleted, GoogleError } from '../http/google-error.ts';
import type { EventResource } from '../state/types.ts';
import { duplicate } from './event-ids.ts';
import { requireWriter, type EventContext } from './event-context.ts';
import { isGuestsCopy } from './guest-rights.ts';
import { checkIfMatch } from './if-match.ts';
import { resolveEvent } from './resolve-event.ts';
import type { WriteOptions } from './write-event.ts';

function cannotMove(reason: string, message: string): GoogleError {
  return new GoogleError(400, { domain: 'calendar', reason, message });
}

/** events.move: the source keeps a bare tombstone, the destination gets the event under the same ID. */
export function moveEvent(
  context: EventContext,
  destination: EventContext,
  id: string,
  options: WriteOptions = {},
): EventResource {
  requireWriter(context);
  requireWriter(destination);
  const { state, store } = context;
  const { resource, record } = resolveEvent(store, id);
  if (resource.status === 'cancelled') throw deleted();
  checkIfMatch(resource, options.ifMatch);
  if (!record || resource.recurringEventId !== undefined) {
    throw cannotMove('cannotChangeOrganizerOfInstance', 'Cannot change the organizer of an instance.');
  }
  if ((resource.eventType ?? 'default') !== 'default') {
    throw cannotMove('eventTypeRestriction', 'Events of this type cannot be moved.');
  }
  if (isGuestsCopy(resource, store.meta.id)) {
    throw cannotMove('cannotChangeOrganizer', 'Cannot change the organizer of an event.');
  }
  const there = destination.store.records.get(id)?.current.resource;
  if (there !== undefined && there.status !== 'cancelled') throw duplicate();
  const nowMs = state.nowMs();
  const updated = new Date(nowMs).toISOString();
  const family = [record, ...store.childrenOf(id)].map((each) => each.current);
  const email = destination.store.meta.id;
  for (const { resource: moved, orphaned } of family) {
    const attendees = moved.attendees?.map(({ self: _self, ...row }) => ({
      ...row,
      ...(row.email === email && { self: true }),
    }));
    destination.store.commit(
      { ...moved, organizer: { email, self: true }, ...(attendees && { attendees }), updated },
      nowMs,
      orphaned ?? false,
    );
  }
  store.commit({ ...resource, status: 'cancelled', updated }, nowMs);
  state.notifyChanged(store);
  state.notifyChanged(destination.store);
  const moved = destination.store.records.get(id)!.current.resource;
  mailGuests(destination, resource, moved, options.sendUpdates);
  return moved;
}
