import { toEventChange } from '../../calendar/event-row.ts';
import { type GoogleEvent, googleEventSchema } from '../../calendar/google-event.ts';
import { exceptionsFrom } from '../../calendar/series-edit.ts';
import { itemFields } from '../../calendar/event-fields.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';
import { failure } from '../failures.ts';
import { createEventCalls, type EventAddress, type EventCalls } from '../google/event-calls.ts';
import { type GoogleCalendar, malformedAnswer } from '../google/google-calendar.ts';
import { GoogleCallError } from '../google/google-failure.ts';
import { getUnlessGone, insertOrFind, writeAgainst } from '../google/write-once.ts';
import { toStoredRows, type StoredEvent } from '../mirror/stored-rows.ts';
import { commitEffects, type StepEffect } from './commit-step.ts';
import { isMarked, marked } from './google-content.ts';
import { planSteps } from './steps.ts';
import { findWritable, type WritableCalendar } from './writable-calendar.ts';
import {
  announceStep,
  type PendingWrite,
  recordStep,
  refuseWrite,
  type Refused,
  requireUnmade,
  type Step,
} from './write-rows.ts';

export interface WriteContext {
  database: Database;
  google: GoogleCalendar;
  signal: AbortSignal;
}

/** The calendar of a write, and the calls that reach it. */
interface Reach extends WriteContext {
  calendar: WritableCalendar;
  /** Answers with what the mirror keeps. */
  calls: EventCalls<GoogleEvent>;
  /** Answers with everything, for steps that copy an event. */
  whole: EventCalls<GoogleEvent>;
}

export const isCancelled = ({ status }: GoogleEvent) => status === 'cancelled';

export function parseEvent(answer: unknown): GoogleEvent {
  const parsed = googleEventSchema.safeParse(answer);
  if (!parsed.success) throw malformedAnswer();
  return parsed.data;
}

/**
 * Makes one write, step by step, and records its outcome. It can be repeated after a crash at any instruction:
 * each step is announced before and recorded after, in the transaction that brings it into the mirror. A refusal
 * is an outcome; what may succeed later is thrown, and so is what leaves the outcome unknown.
 */
export async function runWrite(context: WriteContext, write: PendingWrite): Promise<void> {
  const { database, google, signal } = context;
  const calendar = await findWritable(database, write.calendarId);
  if (calendar === null) {
    if (write.status === 'sent' || write.step > 0) throw unknownOutcome(write, FailureType.googleNotFound);
    return refuseWrite(database, write, { refusal: 'gone' });
  }
  const callsWith = (fields: string) => createEventCalls(google, signal, fields, parseEvent);
  const reach = {
    ...context,
    calendar,
    calls: callsWith(itemFields(calendar.detail)),
    whole: callsWith(itemFields('full')),
  };
  const steps = write.steps ?? (await orRefused(() => planSteps(write, sourceOf(reach))));
  if (!Array.isArray(steps)) return refuseWrite(database, write, steps);
  if (steps.length === 0) return commitEffects(database, write, [], (tx) => recordStep(tx, write, [], true));
  for (let index = write.step; index < steps.length; index += 1) {
    const current: PendingWrite = { ...write, step: index };
    const wasSent = index === write.step && write.status === 'sent';
    const version = await announceStep(database, current, steps);
    const made = await orRefused(() => makeStep(reach, current, steps[index]!, { wasSent, version }));
    if (!Array.isArray(made)) {
      await requireUnmade(database, current);
      const before = steps.slice(0, index);
      // What Google refuses now it may permit after a crash, when what was made before is undone already.
      if (index > 0 && (isGoogles(made) || !before.every(isUndoable)))
        throw unknownOutcome(current, typeOf(made));
      const undone = await undoInserts(reach, current, before);
      return commitEffects(database, current, undone, (transaction, applied) =>
        refuseWrite(transaction, current, made, applied),
      );
    }
    const effects = [...made, ...(await lostWith(reach, current, steps[index]!, made))];
    await commitEffects(database, current, effects, (transaction, applied) =>
      recordStep(transaction, current, applied, index === steps.length - 1),
    );
  }
}

const sourceOf = ({ database, calendar, whole }: Reach) => ({
  timeZone: calendar.timeZone,
  read: (googleEventId: string) =>
    getUnlessGone(() => whole.get({ ...calendar, googleEventId }), isCancelled),
  exceptions: async (seriesId: string) => {
    const stored = await database.$queryRaw<StoredEvent[]>`
      select resource from calendar_events
      where calendar_id = ${calendar.calendarId}::uuid and kind = 'exception' and series_id = ${seriesId}`;
    return toStoredRows(stored, calendar.timeZone);
  },
});

/** What was changed about occurrences that their series has lost. More than these go with the next listing. */
const MOST_LOST = 100;

async function lostWith(
  reach: Reach,
  { calendarId, request: { target } }: PendingWrite,
  { googleEventId, endsSeries }: Step,
  [ended]: StepEffect[],
): Promise<StepEffect[]> {
  const series = ended?.event ? toEventChange(ended.event, reach.calendar.timeZone) : null;
  if (!endsSeries || !target?.originalStart || series?.op !== 'upsert') return [];
  const exceptions = await sourceOf(reach).exceptions(googleEventId);
  const lost = exceptionsFrom(series.row, target.originalStart, exceptions);
  return lost
    .slice(0, MOST_LOST)
    .map((one) => ({ calendarId, googleEventId: one.googleEventId, event: null }));
}

const BAD_REQUEST = 400;

/** A 400 of the token endpoint is about the grant. */
export const isRefusal = ({ failure: { type, status, ofTokenEndpoint } }: GoogleCallError) =>
  type === FailureType.googleForbidden || (status === BAD_REQUEST && !ofTokenEndpoint);

/** Turns Google's refusals into outcomes. Failures that may pass are thrown. */
async function orRefused<T>(work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GoogleCallError)) throw error;
    if (!isRefusal(error)) throw error;
    const { status, reason } = error.failure;
    if (status === BAD_REQUEST) return { refusal: 'rejected', reason };
    return { refusal: reason === 'forbiddenForNonOrganizer' ? 'not-organizer' : 'forbidden', reason };
  }
}

function unknownOutcome({ id }: PendingWrite, type: FailureType): Error {
  return failure(type, `Write ${id} may have been made, or made in part.`, { nonRetryable: true });
}

/** What is known of a step before it is made. */
interface Before {
  /** Whether an earlier attempt has announced it, and may have made it. */
  wasSent: boolean;
  /** Etag of its event in the mirror. Null: the mirror has none. */
  version: string | null;
}

function makeStep(reach: Reach, write: PendingWrite, step: Step, before: Before) {
  switch (step.kind) {
    case 'insert':
      return insert(reach, write, step, before);
    case 'patch':
      return patch(reach, write, step, before);
    case 'delete':
      return remove(reach, write, step, before);
    case 'move':
      return move(reach, write, step, before);
  }
}

/**
 * Reads the event of a step. If the step may have been made, Google's refusal to show the event is no refusal of
 * the write.
 */
async function look(
  write: PendingWrite,
  { wasSent }: Before,
  get: () => Promise<GoogleEvent>,
): Promise<GoogleEvent | null> {
  try {
    return await getUnlessGone(get, isCancelled);
  } catch (error) {
    if (wasSent && error instanceof GoogleCallError && isRefusal(error))
      throw unknownOutcome(write, error.failure.type);
    throw error;
  }
}

type Made = StepEffect[] | Refused;

const sendUpdatesOf = ({ request }: PendingWrite, { isQuiet }: Step) =>
  isQuiet ? 'none' : request.write.sendUpdates;
const addressOf = ({ calendar }: Reach, { googleEventId }: Step): EventAddress => ({
  ...calendar,
  googleEventId,
});
const here = ({ calendarId }: PendingWrite, { googleEventId }: Step) => ({ calendarId, googleEventId });

/** The ID belongs to this write alone, so an event that has it was inserted by it. */
async function insert(reach: Reach, write: PendingWrite, step: Step, before: Before): Promise<Made> {
  const { calls } = reach;
  const address = addressOf(reach, step);
  const settings = { sendUpdates: sendUpdatesOf(write, step) };
  const effect = (event: GoogleEvent): Made => [
    { ...here(write, step), event: isCancelled(event) ? null : event },
  ];
  try {
    const { event } = await insertOrFind(
      () => calls.insert(address, step.content ?? {}, settings),
      () => calls.get(address),
    );
    return effect(event);
  } catch (error) {
    if (!before.wasSent || !(error instanceof GoogleCallError && isRefusal(error))) throw error;
    // Google refuses it now, and may have done it before.
    const found = await look(write, before, () => calls.get(address));
    if (found === null) throw error;
    return effect(found);
  }
}

/**
 * Always against a version: a request that was long on its way must not overwrite what has followed it. The
 * version that the mirror has spares a request.
 */
async function patch(reach: Reach, write: PendingWrite, step: Step, before: Before): Promise<Made> {
  const { calls, database } = reach;
  const address = addressOf(reach, step);
  const mark = `${write.id}/${write.step}`;
  const content = marked(step.content ?? {}, mark);
  const sendUpdates = sendUpdatesOf(write, step);
  const expected = before.wasSent ? null : (step.etag ?? before.version);
  const effect = (event: GoogleEvent, etag: string | null = null): Made => [
    { ...here(write, step), event, former: { etag } },
  ];
  return writeAgainst<GoogleEvent, Made>(
    expected,
    async (etag) => effect(await calls.patch(address, content, { sendUpdates, etag }), etag),
    () => look(write, before, () => calls.get(address)),
    async (found) => {
      if (found === null) return { outcome: { refusal: 'gone' } };
      if (isMarked(found, mark)) return { outcome: effect(found) };
      if (step.etag !== undefined && found.etag !== step.etag)
        return { outcome: { refusal: 'changed', version: found.etag ?? null } };
      await requireUnmade(database, write);
      return { etag: found.etag ?? null };
    },
  );
}

async function remove(reach: Reach, write: PendingWrite, step: Step, before: Before): Promise<Made> {
  const { calls } = reach;
  const address = addressOf(reach, step);
  const sendUpdates = sendUpdatesOf(write, step);
  let former: GoogleEvent | undefined;
  const settle = async (): Promise<Made> => {
    // A deleted occurrence of a series leaves a cancelled exception, which hides it.
    const isOccurrence =
      step.googleEventId !== write.request.target?.seriesId && write.request.target?.seriesId != null;
    const left = isOccurrence
      ? await getUnlessGone(
          () => calls.get(address),
          () => false,
        )
      : null;
    return [{ ...here(write, step), event: left, former }];
  };
  return writeAgainst<GoogleEvent, Made>(
    null,
    async (etag) => {
      await calls.delete(address, { sendUpdates, etag });
      return settle();
    },
    () => look(write, before, () => calls.get(address)),
    async (found) => {
      if (found === null) return { outcome: before.wasSent ? await settle() : { refusal: 'gone' } };
      if (step.etag !== undefined && found.etag !== step.etag)
        return { outcome: { refusal: 'changed', version: found.etag ?? null } };
      former = found;
      return { etag: found.etag ?? null };
    },
  );
}

async function move(reach: Reach, write: PendingWrite, step: Step, before: Before): Promise<Made> {
  const { database, calls } = reach;
  const destination = await findWritable(database, step.destination ?? '');
  if (destination === null) {
    if (before.wasSent) throw unknownOutcome(write, FailureType.googleNotFound);
    return { refusal: 'gone' };
  }
  const address = addressOf(reach, step);
  const { googleCalendarId, calendarId } = destination;
  const there = () => look(write, before, () => calls.get({ ...address, googleCalendarId }));
  let event = before.wasSent ? await there() : null;
  if (event === null) await requireUnmade(database, write);
  event ??= await getUnlessGone(
    () => calls.move(address, googleCalendarId, { sendUpdates: sendUpdatesOf(write, step) }),
    isCancelled,
  );
  if (event === null) return { refusal: 'gone' };
  return [
    { ...here(write, step), event: null },
    { calendarId, googleEventId: step.googleEventId, event },
  ];
}

/** Whether Google has refused, rather than the state of the event. */
const isGoogles = ({ refusal }: Refused) => refusal !== 'gone' && refusal !== 'changed';

/** Quiet steps change what the write itself has inserted. */
const isUndoable = ({ kind, isQuiet }: Step) => kind === 'insert' || isQuiet === true;

/** What a refusal is called where the write was made in part. */
function typeOf({ refusal }: Refused): FailureType {
  if (refusal === 'gone') return FailureType.googleNotFound;
  return refusal === 'rejected' ? FailureType.googleBadRequest : FailureType.googleForbidden;
}

/** A write that is refused half-way leaves no event of its own behind. Who was told of it is told again. */
async function undoInserts(reach: Reach, write: PendingWrite, made: readonly Step[]): Promise<StepEffect[]> {
  const inserted = made.filter(({ kind }) => kind === 'insert');
  for (const step of inserted) {
    await getUnlessGone(
      () => reach.calls.delete(addressOf(reach, step), { sendUpdates: sendUpdatesOf(write, step) }),
      () => true,
    );
  }
  return inserted.map((step) => ({ ...here(write, step), event: null }));
}
