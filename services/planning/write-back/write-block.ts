import { FailureType } from '../../../contracts/failure-types.ts';
import type { Database } from '../../../prisma/client.ts';
import { failure } from '../../failures.ts';
import type { EventAddress } from '../../google/event-calls.ts';
import type { OwnEvents, RemoteEvent } from '../../google/own-events.ts';
import { getUnlessGone, insertOrFind, writeAgainst } from '../../google/write-once.ts';
import type { Span } from './order-writes.ts';
import { isOwnEvent, ownEventId } from './own-event-id.ts';
import { announceInsert, announceWrite, recordDeleted, recordWritten, skipWrite } from './record-write.ts';
import type { WritableCalendar } from './target-calendar.ts';
import { titleHash } from './title-hash.ts';
import { type PendingWrite, toSpan } from './writes.ts';

/** `edited`: a person has changed or deleted the event since the plan was made, and it stays as it is. */
type WriteOutcome = 'done' | 'edited';

export interface WriteContext {
  database: Database;
  events: OwnEvents;
  /** Returns the calendar for new blocks; it is looked up or created with the first of them. */
  target: () => Promise<WritableCalendar>;
  /** Returns the calendar of an existing block. */
  calendar: (calendarId: string | null) => Promise<WritableCalendar | null>;
}

/** Most consecutive IDs of a block that may be used up in Google; more indicate another fault. */
const MOST_BURNT_IDS = 20;
/**
 * Makes one write and records it. It can be repeated after any crash: the intent is recorded before the call,
 * an insert carries Almanac's own ID, and every other write the ETag that was last seen.
 */
export async function writeBlock(context: WriteContext, write: PendingWrite): Promise<WriteOutcome> {
  switch (write.operation) {
    case 'insert':
      return insert(context, write);
    case 'move':
      return change(context, write, toSpan(write.afterStartAt, write.afterEndAt));
    case 'delete':
      return change(context, write, null);
  }
}

const isAt = (event: RemoteEvent, span: Span | null) =>
  span !== null && event.startMs === span.startMs && event.endMs === span.endMs;

async function insert(context: WriteContext, write: PendingWrite): Promise<WriteOutcome> {
  const { database, events } = context;
  const after = toSpan(write.afterStartAt, write.afterEndAt);
  if (write.title === null || after === null) {
    // Its task or habit has been deleted since.
    await skipWrite(database, write);
    return 'done';
  }
  // An announced insert keeps its calendar, whatever the policy says by now.
  const announced = write.status === 'sent' ? await context.calendar(write.calendarId) : null;
  const { calendarId, ...calendar } = announced ?? (await context.target());
  let { generation } = write;
  for (let burnt = 0; burnt < MOST_BURNT_IDS; burnt += 1, generation += 1) {
    const address = { ...calendar, googleEventId: ownEventId(write.blockId, generation) };
    const marker = { blockId: write.blockId, generation };
    await announceInsert(database, write, { calendarId, googleEventId: address.googleEventId, generation });
    const content = { title: write.title, timeZone: write.timeZone, ...after, marker };
    const { event, isNew } = await insertOrFind(
      () => events.insert(address, content),
      () => events.get(address),
    );
    if (isNew) {
      await recordWritten(database, write, event, after);
      return 'done';
    }
    if (!event.cancelled && isOwnEvent(address.googleEventId, event.properties)) {
      return adopt(context, write, event, after);
    }
  }
  throw failure(FailureType.internal, `No ID of block ${write.blockId} is free in calendar ${calendarId}.`);
}

/**
 * Adopts the event of an insert whose answer was lost. If a person has moved it since, the next
 * reconciliation takes that over.
 */
async function adopt(
  { database }: WriteContext,
  write: PendingWrite,
  found: RemoteEvent,
  after: Span,
): Promise<WriteOutcome> {
  const untouched = isAt(found, after) && !found.isMeeting;
  await recordWritten(database, write, untouched ? found : { ...found, etag: null }, after);
  return untouched ? 'done' : 'edited';
}

/** Moves an event, or deletes it (`after` null), unless a person has moved or deleted it first. */
async function change(context: WriteContext, write: PendingWrite, after: Span | null): Promise<WriteOutcome> {
  const { database, events } = context;
  const before = toSpan(write.beforeStartAt, write.beforeEndAt);
  const calendar = await context.calendar(write.calendarId);
  if (calendar === null || write.googleEventId === null) return giveUp(context, write);
  const address = { ...calendar, googleEventId: write.googleEventId };
  await announceWrite(database, write);
  return writeAgainst<RemoteEvent, WriteOutcome>(
    write.etag,
    async (etag) => {
      if (after === null) {
        await events.delete(address, etag);
        await recordDeleted(database, write);
      } else {
        await recordWritten(database, write, await patch(events, address, etag, write, after), after);
      }
      return 'done';
    },
    () => readOwnEvent(events, address),
    async (found) => judge(context, write, found, before, after),
  );
}

/** Decides about a write whose event has another version than expected. */
async function judge(
  context: WriteContext,
  write: PendingWrite,
  found: RemoteEvent | null,
  before: Span | null,
  after: Span | null,
): Promise<{ outcome: WriteOutcome } | { etag: string | null }> {
  const { database } = context;
  if (found === null) {
    if (after !== null) return { outcome: await giveUp(context, write) };
    await recordDeleted(database, write);
    return { outcome: 'done' };
  }
  // An event that a person made a meeting is theirs. The next reconciliation takes that over.
  if (found.isMeeting) return { outcome: await giveUp(context, write) };
  if (isAt(found, after) && found.etag !== null && after !== null) {
    await recordWritten(database, write, found, after);
    return { outcome: 'done' };
  }
  if (!isAt(found, before)) return { outcome: await giveUp(context, write) };
  return { etag: found.etag };
}

function patch(
  events: OwnEvents,
  address: EventAddress,
  etag: string | null,
  write: PendingWrite,
  after: Span,
) {
  // A title that a person changed in Google stays until the title of the task or habit changes.
  const title = write.title !== null && titleHash(write.title) !== write.contentHash ? write.title : null;
  return events.patch(address, etag, { title, timeZone: write.timeZone, ...after });
}

async function giveUp({ database }: WriteContext, write: PendingWrite): Promise<WriteOutcome> {
  await skipWrite(database, write);
  return 'edited';
}

/** Reads the current event; null where it has been deleted. */
export function readOwnEvent(events: OwnEvents, address: EventAddress): Promise<RemoteEvent | null> {
  return getUnlessGone(
    () => events.get(address),
    ({ cancelled }) => cancelled,
  );
}
