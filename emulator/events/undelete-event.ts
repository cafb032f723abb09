import type { EventResource } from '../state/types.ts';
import { commitChange, recommitChildren } from './commit-event.ts';
import type { EventContext } from './event-context.ts';
import { resolveEvent } from './resolve-event.ts';

/** Brings a deleted event back; its exceptions are delivered again. */
export function undeleteEvent(context: EventContext, id: string): EventResource {
  const { state, store } = context;
  const { resource } = resolveEvent(store, id);
  if (resource.status !== 'cancelled') return resource;
  const restored = commitChange(context, resource, { ...resource, status: 'confirmed' });
  if (resource.recurrence) recommitChildren(context, id);
  state.notifyChanged(store);
  return restored;
}
