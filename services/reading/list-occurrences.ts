import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import type { EventDetail } from '../../contracts/event-details.ts';
import { MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { InvalidInputError, NotInWorkspaceError, WorkspaceNotFoundError } from '../errors.ts';
import { calendarIdSchema, isDate, parseInput, timeSchema, toInstant, workspaceIdSchema } from '../input.ts';
import { positionInstant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { type Proof, proofOf } from './proof.ts';
import { attendeeSchema, searchSchema } from './find-events.ts';
import { anyIsRich, RICH_FIELDS, type RichFields, richFieldsSchema } from './rich-fields.ts';
import { occurrencePage, type OccurrencePageRow } from './occurrence-page.ts';

export const MAX_EVENTS_PER_PAGE = 5_000;
/** Stored events have up to a hundred kilobytes, and are read before a page is cut to its size. */
const MOST_RICH_EVENTS_PER_PAGE = 500;
const MOST_TYPE_CHARACTERS = 64;
const DEFAULT_PAGE_SIZE = 1_000;
/** Statuses of an occurrence. Cancelled occurrences are not stored. */
export const OCCURRENCE_STATUSES = ['confirmed', 'tentative'] as const;

export const occurrencePositionSchema = z.object({ sortAt: positionInstant, id: z.guid().toLowerCase() });

/** An event, or one occurrence of a series. */
export const occurrenceSchema = z.object({
  id: uuid('the occurrence'),
  workspaceId: z.string(),
  calendarId: z.string(),
  googleCalendarId: z.string(),
  googleEventId: z.string().describe("The item's own ID: of a plain occurrence, that of its series"),
  title: z.string().nullable(),
  start: z.string().describe('A UTC instant or, where `allDay`, a date'),
  end: z.string().describe('Exclusive, in the same form'),
  allDay: z.boolean(),
  status: z.enum(OCCURRENCE_STATUSES),
  busy: z.boolean().describe('Whether it blocks time'),
  originalStart: z.string().optional().describe('The start that the series gives this occurrence'),
});
export type Occurrence = z.infer<typeof occurrenceSchema>;

/** Fields that an answer may be asked for. */
export const EVENT_FIELDS = [...Object.keys(occurrenceSchema.shape), ...RICH_FIELDS] as (
  keyof Occurrence | keyof RichFields
)[];
export const eventFieldSchema = z.enum(EVENT_FIELDS, { error: `must be among ${EVENT_FIELDS.join(', ')}` });

/** An event with the fields that were asked for. */
export const pickedEventSchema = occurrenceSchema
  .partial()
  .required({ id: true })
  .extend(richFieldsSchema.shape);
export type PickedEvent = z.infer<typeof pickedEventSchema>;

export const eventTypeSchema = z.string().min(1).max(MOST_TYPE_CHARACTERS).regex(/^\w+$/);

export const rangeSchema = z.object({
  workspaceId: workspaceIdSchema,
  from: timeSchema,
  to: timeSchema,
  /** Calendars to list. Default: every enabled one. */
  calendarIds: z.array(calendarIdSchema).min(1).max(MAX_CALENDAR_IDS).optional(),
  /** Only occurrences that take up time, or only those that do not. Default: both. */
  busy: z.boolean().optional(),
  status: z.enum(OCCURRENCE_STATUSES).optional(),
  q: searchSchema.optional(),
  attendee: attendeeSchema.optional(),
  eventType: eventTypeSchema.optional(),
  /** Only events that Google has noted a change of since then. */
  updatedSince: timeSchema.optional(),
  /** Fields to answer besides `id`. Default: those of an occurrence. */
  fields: z.array(eventFieldSchema).min(1).optional(),
  /** `cursor` of the page before. */
  after: occurrencePositionSchema.optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_EVENTS_PER_PAGE, `must be at most ${MAX_EVENTS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
type EventRange = z.input<typeof rangeSchema>;

interface OccurrencePage {
  events: Occurrence[];
  proof: Proof;
  /** Where the next page starts; absent on the last. */
  cursor?: z.infer<typeof occurrencePositionSchema>;
}

/** A page whose occurrences are unparsed text. */
export interface UnparsedOccurrencePage extends Omit<OccurrencePage, 'events'> {
  /** JSON array, as Postgres writes it: in the form of `occurrenceSchema`, or `pickedEventSchema`. */
  events: string;
  /** What the workspace keeps of an event. */
  detail: EventDetail | null;
}

/**
 * One page of the occurrences that overlap a range, ordered by start. An all-day occurrence overlaps it if
 * one of its days does, in the workspace's zone, and sorts as midnight there. Disabled calendars and
 * calendars that Google no longer lists have no occurrences; an inaccessible calendar keeps the last known
 * ones.
 * @throws NotFoundError when there is no such workspace, or it has no such calendar.
 */
export async function listEvents(
  database: Database | Transaction,
  range: Omit<EventRange, 'fields'>,
): Promise<OccurrencePage> {
  const { events, proof, cursor } = await readEvents(database, range);
  return { events: JSON.parse(events) as Occurrence[], proof, ...(cursor && { cursor }) };
}

/**
 * As `listEvents`, but leaves the occurrences as text, so that a page passed on unchanged costs its bytes. A page
 * of rich fields has at most 500.
 * @throws InvalidInputError also when events are to be found by a guest, of whom the workspace keeps no address
 */
export async function readEvents(
  database: Database | Transaction,
  range: EventRange,
): Promise<UnparsedOccurrencePage> {
  const parsed = parseInput(rangeSchema, range);
  const { workspaceId, from: since, to: until, updatedSince, q, attendee, ...filter } = parsed;
  const times = [since, until, ...(updatedSince === undefined ? [] : [updatedSince])];
  const [begin, end, updated] = await toInstants(database, workspaceId, times);
  if (begin === undefined || end === undefined) throw new TypeError('A range has two ends.');
  if (Temporal.Instant.compare(begin, end) >= 0) {
    throw new InvalidInputError('to', 'must be later than from');
  }
  const isRich = anyIsRich(filter.fields ?? []);
  const query = {
    ...filter,
    workspaceId,
    begin: begin.toString(),
    end: end.toString(),
    limit: isRich ? Math.min(filter.limit, MOST_RICH_EVENTS_PER_PAGE) : filter.limit,
    search: q === undefined && attendee === undefined ? undefined : { q, attendee },
    updatedSince: updated?.toString({ fractionalSecondDigits: 3 }),
  };
  const [page] = await database.$queryRaw<OccurrencePageRow[]>(occurrencePage(query));
  if (!page?.isKnown) throw new WorkspaceNotFoundError(workspaceId);
  if (page.missing !== null) throw new NotInWorkspaceError(workspaceId, 'calendar', page.missing);
  const { events, more, sortAt, id, detail, proofs } = page;
  if (attendee !== undefined && detail === 'minimal')
    throw new InvalidInputError('attendee', 'needs a workspace that keeps standard or full events');
  return {
    events: `[${events}]`,
    detail,
    proof: proofOf(proofs),
    ...(more && sortAt !== null && id !== null && { cursor: { sortAt: sortAt.toISOString(), id } }),
  };
}

/** Only dates need the zone of the workspace, which costs a query. */
async function toInstants(
  database: Database | Transaction,
  workspaceId: string,
  times: readonly string[],
): Promise<Temporal.Instant[]> {
  const { timeZone } = times.some(isDate)
    ? await requireWorkspace(database, workspaceId)
    : { timeZone: 'UTC' };
  return times.map((time) => toInstant(time, timeZone));
}

/** Events of a range, page by page, with the fields that were asked for. */
export async function* eventPages(
  database: Database,
  range: Omit<EventRange, 'after'>,
): AsyncGenerator<PickedEvent[]> {
  let after: OccurrencePage['cursor'];
  do {
    const page = await readEvents(database, { ...range, after });
    yield JSON.parse(page.events) as PickedEvent[];
    after = page.cursor;
  } while (after);
}
