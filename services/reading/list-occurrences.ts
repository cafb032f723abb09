import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import { MAX_CALENDAR_IDS } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { InvalidInputError, NotInWorkspaceError, WorkspaceNotFoundError } from '../errors.ts';
import { calendarIdSchema, isDate, parseInput, timeSchema, toInstant, workspaceIdSchema } from '../input.ts';
import { positionInstant, uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { type Proof, proofOf } from './proof.ts';
import { occurrencePage, type OccurrencePageRow } from './occurrence-page.ts';

export const MAX_EVENTS_PER_PAGE = 5_000;
const DEFAULT_PAGE_SIZE = 1_000;
/** Statuses of an occurrence. Cancelled occurrences are not stored. */
export const OCCURRENCE_STATUSES = ['confirmed', 'tentative'] as const;

export const occurrencePositionSchema = z.object({ sortAt: positionInstant, id: z.guid().toLowerCase() });

const rangeSchema = z.object({
  workspaceId: workspaceIdSchema,
  from: timeSchema,
  to: timeSchema,
  /** Calendars to list. Default: every enabled one. */
  calendarIds: z.array(calendarIdSchema).min(1).max(MAX_CALENDAR_IDS).optional(),
  /** Only occurrences that take up time, or only those that do not. Default: both. */
  busy: z.boolean().optional(),
  status: z.enum(OCCURRENCE_STATUSES).optional(),
  /** `cursor` of the page before. */
  after: occurrencePositionSchema.optional(),
  limit: z
    .int()
    .min(1)
    .max(MAX_EVENTS_PER_PAGE, `must be at most ${MAX_EVENTS_PER_PAGE}`)
    .default(DEFAULT_PAGE_SIZE),
});
type EventRange = z.input<typeof rangeSchema>;

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

interface OccurrencePage {
  events: Occurrence[];
  proof: Proof;
  /** Where the next page starts; absent on the last. */
  cursor?: z.infer<typeof occurrencePositionSchema>;
}

/** A page whose occurrences are unparsed text. */
export interface UnparsedOccurrencePage extends Omit<OccurrencePage, 'events'> {
  /** JSON array, as Postgres writes it: in the form of `occurrenceSchema`. */
  events: string;
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
  range: EventRange,
): Promise<OccurrencePage> {
  const page = await readEvents(database, range);
  return { ...page, events: JSON.parse(page.events) as Occurrence[] };
}

/** As `listEvents`, but leaves the occurrences as text, so that a page passed on unchanged costs its bytes. */
export async function readEvents(
  database: Database | Transaction,
  range: EventRange,
): Promise<UnparsedOccurrencePage> {
  const { workspaceId, from: since, to: until, ...filter } = parseInput(rangeSchema, range);
  const [begin, end] = await toInstants(database, workspaceId, [since, until]);
  if (Temporal.Instant.compare(begin, end) >= 0) {
    throw new InvalidInputError('to', 'must be later than from');
  }
  const query = { ...filter, workspaceId, begin: begin.toString(), end: end.toString() };
  const [page] = await database.$queryRaw<OccurrencePageRow[]>(occurrencePage(query));
  if (!page?.isKnown) throw new WorkspaceNotFoundError(workspaceId);
  if (page.missing !== null) throw new NotInWorkspaceError(workspaceId, 'calendar', page.missing);
  const { events, more, sortAt, id, proofs } = page;
  return {
    events: `[${events}]`,
    proof: proofOf(proofs),
    ...(more && sortAt !== null && id !== null && { cursor: { sortAt: sortAt.toISOString(), id } }),
  };
}

/** Only dates need the zone of the workspace, which costs a query. */
async function toInstants(
  database: Database | Transaction,
  workspaceId: string,
  [from, to]: readonly [string, string],
): Promise<[Temporal.Instant, Temporal.Instant]> {
  const { timeZone } =
    isDate(from) || isDate(to) ? await requireWorkspace(database, workspaceId) : { timeZone: 'UTC' };
  return [toInstant(from, timeZone), toInstant(to, timeZone)];
}

/** Occurrences of a range, page by page. */
export async function* eventPages(
  database: Database,
  range: Omit<EventRange, 'after'>,
): AsyncGenerator<Occurrence[]> {
  let after: OccurrencePage['cursor'];
  do {
    const page = await listEvents(database, { ...range, after });
    yield page.events;
    after = page.cursor;
  } while (after);
}
