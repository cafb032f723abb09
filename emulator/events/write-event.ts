import { mailGuests, type SendUpdates } from '../mail/mail-guests.ts';
import { deleted, GoogleError, invalidBody } from '../http/google-error.ts';
import type { EventResource } from '../state/types.ts';
import { checkClientId, duplicate, idOfICalUid } from './event-ids.ts';
import { requireWriter, type EventContext } from './event-context.ts';
import { checkEventType } from './event-type-rules.ts';
import { onlyOwnAnswer, passAnswerOn } from './guest-answer.ts';
import { commitChange, create, keptFields, recommitChildren } from './commit-event.ts';
import { requireOrganizer } from './guest-rights.ts';
import { checkIfMatch } from './if-match.ts';
import { mergePatch } from './merge-patch.ts';
import { normalizeEvent, type EventInput } from './normalize-event.ts';
import { resolveEvent } from './resolve-event.ts';
import { stringsOf } from '../http/request-parts.ts';

/** Options of the request besides its body. */
export interface WriteOptions {
  ifMatch?: string | undefined;
  conferenceDataVersion?: number;
  sendUpdates?: SendUpdates | undefined;
  /** Whether a client asks for it, and Google's rules for clients hold; the owner's own edits need no check. */
  byClient?: boolean;
}

const UNSUPPORTED_ON_INSERT = ['fromGmail'];

/** events.insert */
export function insertEvent(
  context: EventContext,
  input: EventInput,
  options: WriteOptions = {},
): EventResource {
  requireWriter(context);
  const { state, store } = context;
  if (input['id'] !== undefined && input['id'] !== null) {
    checkClientId(input['id']);
    if (store.records.has(input['id'])) throw duplicate();
  }
  if (UNSUPPORTED_ON_INSERT.includes(String(input['eventType']))) {
    throw new GoogleError(400, {
      domain: 'calendar',
      reason: 'eventTypeRestriction',
      message: 'Event type cannot be created.',
    });
  }
  const id = typeof input['id'] === 'string' ? input['id'] : state.newId();
  const fields = normalizeEvent(context, { ...input, status: input['status'] ?? 'confirmed' }, options);
  if (options.byClient) checkEventType(fields);
  const iCalUID = typeof input['iCalUID'] === 'string' ? input['iCalUID'] : `${id}@google.com`;
  const inserted = create(context, { ...fields, id, iCalUID });
  mailGuests(context, undefined, inserted, options.sendUpdates);
  return inserted;
}

/** events.import: a private copy, found again by its iCalUID. */
export function importEvent(
  context: EventContext,
  input: EventInput,
  options: WriteOptions = {},
): EventResource {
  requireWriter(context);
  const { store } = context;
  const iCalUID = input['iCalUID'];
  if (typeof iCalUID !== 'string' || iCalUID === '') throw invalidBody('Missing iCal UID.', 'required');
  const fields = normalizeEvent(context, input, options);
  const former = store.findByICalUid(iCalUID);
  const { email, displayName } = stringsOf(input['organizer']);
  const named = email !== undefined && {
    organizer: { email, ...(displayName !== undefined && { displayName }) },
  };
  const imported = { ...fields, ...named, iCalUID };
  if (!former) return create(context, { ...imported, id: idOfICalUid(iCalUID) });
  return commitChange(context, former.current.resource, {
    ...keptFields(former.current.resource),
    ...imported,
  });
}

/** events.patch and, with `replace`, events.update */
export function changeEvent(
  context: EventContext,
  id: string,
  input: EventInput,
  options: WriteOptions & { replace?: boolean } = {},
): EventResource {
  requireWriter(context);
  const found = resolveEvent(context.store, id);
  checkIfMatch(found.resource, options.ifMatch);
  const former = found.resource;
  if (former.status === 'cancelled' && input['status'] !== 'confirmed' && input['status'] !== 'tentative') {
    throw deleted();
  }
  if (input['eventType'] !== undefined && input['eventType'] !== (former.eventType ?? 'default')) {
    throw invalidBody('Event type cannot be changed.', 'eventTypeRestriction');
  }
  if (input['status'] === 'cancelled') {
    deleteEvent(context, id, options);
    return context.store.records.get(id)!.current.resource;
  }
  const calendarId = context.store.meta.id;
  const body = onlyOwnAnswer(former, input, calendarId);
  const merged = options.replace ? { eventType: former.eventType, ...body } : mergePatch({ ...former }, body);
  if (former.recurringEventId !== undefined) delete merged['recurrence'];
  const { conferenceDataVersion } = options;
  const fields = normalizeEvent(context, merged, { conferenceDataVersion, former });
  if (options.byClient) {
    requireOrganizer(former, fields, calendarId);
    checkEventType(fields, former);
  }
  const changed = commitChange(context, former, { ...keptFields(former), ...fields });
  mailGuests(context, former, changed, options.sendUpdates);
  passAnswerOn(context, former, changed, options.sendUpdates);
  return changed;
}

/** events.delete; deleting an occurrence leaves a cancelled exception. */
export function deleteEvent(context: EventContext, id: string, options: WriteOptions = {}): void {
  requireWriter(context);
  const { state, store } = context;
  const found = resolveEvent(store, id);
  if (found.resource.status === 'cancelled') throw deleted();
  checkIfMatch(found.resource, options.ifMatch);
  const nowMs = state.nowMs();
  const updated = new Date(nowMs).toISOString();
  store.commit({ ...found.resource, id, status: 'cancelled', updated }, nowMs);
  if (found.resource.recurrence && state.knobs.page.listChildrenOfCancelledMaster) {
    recommitChildren(context, id);
  }
  mailGuests(context, found.resource, undefined, options.sendUpdates);
  state.notifyChanged(store);
}
