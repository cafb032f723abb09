import { type GoogleEvent, googleEventSchema } from '../../calendar/google-event.ts';
import { itemFields } from '../../calendar/event-fields.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { Database } from '../../prisma/client.ts';
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
  type Step,
} from './write-rows.ts';

interface WriteContext {
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

const isCancelled = ({ status }: GoogleEvent) => status === 'cancelled';

function parseEvent(answer: unknown): GoogleEvent {
  const parsed = googleEventSchema.safeParse(answer);
  if (!parsed.success) throw malformedAnswer();
  return parsed.data;
}

/**
 * Makes one write, step by step, and records its outcome. It can be repeated after a crash at any instruction:
 * each step is announced before and recorded after, in the transaction that brings it into the mirror. A refusal
 * is an outcome; what may succeed later is thrown.
 */
export async function runWrite(context: WriteContext, write: PendingWrite): Promise<void> {
  const { database, google, signal } = context;
  const calendar = await findWritable(database, write.calendarId);
  if (calendar === null) return refuseWrite(database, write, { refusal: 'gone' });
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
    await announceStep(database, current, steps);
    const made = await orRefused(() => makeStep(reach, current, steps[index]!, wasSent));
    if (!Array.isArray(made)) {
      const undone = await undoInserts(reach, current, steps.slice(0, index));
      return commitEffects(database, current, undone, (transaction, applied) =>
        refuseWrite(transaction, current, made, applied),
      );
    }
    await commitEffects(database, current, made, (transaction, applied) =>
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

const BAD_REQUEST = 400;

/** Turns Google's refusals into outcomes. Failures that may pass are thrown. */
async function orRefused<T>(work: () => Promise<T>): Promise<T | Refused> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof GoogleCallError)) throw error;
    const { type, status, reason } = error.failure;
    if (type === FailureType.googleForbidden)
      return { refusal: reason === 'forbiddenForNonOrganizer' ? 'not-organizer' : 'forbidden', reason };
    if (status === BAD_REQUEST) return { refusal: 'rejected', reason };
    throw error;
  }
}

function makeStep(reach: Reach, write: PendingWrite, step: Step, wasSent: boolean) {
  switch (step.kind) {
    case 'insert':
      return insert(reach, write, step);
    case 'patch':
      return patch(reach, write, step, wasSent);
    case 'delete':
      return remove(reach, write, step, wasSent);
    case 'move':
      return move(reach, write, step, wasSent);
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
async function insert(reach: Reach, write: PendingWrite, step: Step): Promise<Made> {
  const { calls } = reach;
  const address = addressOf(reach, step);
  const settings = { sendUpdates: sendUpdatesOf(write, step) };
  const { event } = await insertOrFind(
    () => calls.insert(address, step.content ?? {}, settings),
    () => calls.get(address),
  );
  return [{ ...here(write, step), event: isCancelled(event) ? null : event }];
}

async function patch(reach: Reach, write: PendingWrite, step: Step, wasSent: boolean): Promise<Made> {
  const { calls } = reach;
  const address = addressOf(reach, step);
  const mark = `${write.id}/${write.step}`;
  const content = marked(step.content ?? {}, mark);
  const sendUpdates = sendUpdatesOf(write, step);
  const expected = wasSent ? null : step.etag === undefined ? 'any' : { etag: step.etag };
  const effect = (event: GoogleEvent): Made => [{ ...here(write, step), event }];
  return writeAgainst<GoogleEvent, Made>(
    expected,
    async (etag) => effect(await calls.patch(address, content, { sendUpdates, etag })),
    () => getUnlessGone(() => calls.get(address), isCancelled),
    async (found) => {
      if (found === null) return { outcome: { refusal: 'gone' } };
      if (isMarked(found, mark)) return { outcome: effect(found) };
      if (step.etag !== undefined && found.etag !== step.etag)
        return { outcome: { refusal: 'changed', version: found.etag ?? null } };
      return { etag: found.etag ?? null };
    },
  );
}

async function remove(reach: Reach, write: PendingWrite, step: Step, wasSent: boolean): Promise<Made> {
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
    () => getUnlessGone(() => calls.get(address), isCancelled),
    async (found) => {
      if (found === null) return { outcome: wasSent ? await settle() : { refusal: 'gone' } };
      if (step.etag !== undefined && found.etag !== step.etag)
        return { outcome: { refusal: 'changed', version: found.etag ?? null } };
      former = found;
      return { etag: found.etag ?? null };
    },
  );
}

async function move(reach: Reach, write: PendingWrite, step: Step, wasSent: boolean): Promise<Made> {
  const { database, calls } = reach;
  const destination = await findWritable(database, step.destination ?? '');
  if (destination === null) return { refusal: 'gone' };
  const address = addressOf(reach, step);
  const { googleCalendarId, calendarId } = destination;
  const there = () => getUnlessGone(() => calls.get({ ...address, googleCalendarId }), isCancelled);
  let event = wasSent ? await there() : null;
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

/** A write that is refused half-way leaves no event of its own behind. */
async function undoInserts(reach: Reach, write: PendingWrite, made: readonly Step[]): Promise<StepEffect[]> {
  const inserted = made.filter(({ kind }) => kind === 'insert');
  for (const step of inserted) {
    await getUnlessGone(
      () => reach.calls.delete(addressOf(reach, step)),
      () => true,
    );
  }
  return inserted.map((step) => ({ ...here(write, step), event: null }));
}
