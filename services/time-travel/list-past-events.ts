import { z } from 'zod';
import type { Temporal } from 'temporal-polyfill';
import { DAY_MS } from '../../contracts/durations.ts';
import { MAX_PAST_DIFFERENCES, MAX_PAST_RANGE_DAYS, MOST_PAGE_BYTES } from '../../contracts/limits.ts';
import type { Database, Transaction } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import { requireCalendars } from '../calendars.ts';
import { InvalidInputError } from '../errors.ts';
import { parseInput, toInstant } from '../input.ts';
import {
  type Occurrence,
  type occurrencePositionSchema,
  occurrenceSchema,
  rangeSchema,
} from '../reading/list-occurrences.ts';
import { occurrenceJson } from '../reading/occurrence-json.ts';
import { uuid } from '../shapes.ts';
import { requireWorkspace } from '../workspaces.ts';
import { asOfSchema, findMoment } from './moment.ts';
import { hasChanged, overlaps, pastOccurrences, type Range, SHOWN, sortAt } from './occurrence-rows.ts';
import { type PastCalendar, type PastSources, readPastSources } from './past-sources.ts';

const LONGEST_READ_MS = 20_000;

/** How an occurrence of the range differs between a past moment and the present. */
const DIFFERENCE_KINDS = ['added', 'moved', 'changed', 'removed'] as const;

const requestSchema = rangeSchema
  .pick({ workspaceId: true, from: true, to: true, calendarIds: true, after: true, limit: true })
  .extend({ asOf: asOfSchema });
type PastRequest = z.input<typeof requestSchema>;

const differenceSchema = z.object({
  kind: z
    .enum(DIFFERENCE_KINDS)
    .describe(
      '`added`: the range shows it now and did not then; `removed`: it no longer exists; `moved`: it has another start or end; `changed`: it has another title, status or busy time',
    ),
  before: occurrenceSchema.nullable().describe('The occurrence at the moment. Null: `added`'),
  now: occurrenceSchema.nullable().describe('The occurrence now. Null: `removed`'),
});
export type Difference = z.infer<typeof differenceSchema>;

/** Fields of a page of a past moment besides its events. */
export const pastSchema = z.object({
  asOf: z.iso.datetime().describe('The moment that the events show'),
  purgedCalendarIds: z
    .array(uuid('a calendar'))
    .describe('Calendars whose events were purged since: they may lack events'),
  differences: z
    .array(differenceSchema)
    .optional()
    .describe('What has changed in the range since, on the first page only'),
  hasMoreDifferences: z
    .boolean()
    .optional()
    .describe(`Whether there are more than ${MAX_PAST_DIFFERENCES} differences`),
});

export interface PastPage {
  events: Occurrence[];
  cursor?: z.infer<typeof occurrencePositionSchema>;
  past: z.infer<typeof pastSchema>;
}

/**
 * One page of a range as the mirror held it at a past moment, and on the first page its differences from the
 * present. Shows today's enabled calendars in their present time zones, and `busy` by today's policy.
 * @param days retention of time travel
 * @throws InvalidInputError when the range is too long, `asOf` is in the future, or too much has changed since
 * @throws MomentNotKeptError when the change log no longer covers `asOf`
 */
export async function listPastEvents(
  database: Database,
  request: PastRequest,
  days: number,
): Promise<PastPage> {
  const { workspaceId, after, limit, calendarIds, ...times } = parseInput(requestSchema, request);
  return database.$transaction(
    async (transaction) => {
      const workspace = await requireWorkspace(transaction, workspaceId);
      const { timeZone } = workspace;
      if (calendarIds !== undefined) await requireCalendars(transaction, workspaceId, calendarIds);
      const [from, to] = [toInstant(times.from, timeZone), toInstant(times.to, timeZone)];
      checkRange(from, to);
      const moment = await findMoment(transaction, workspace, times.asOf, days);
      const calendars = await listCalendars(transaction, workspaceId, calendarIds);
      const span = { fromMs: from.epochMilliseconds, toMs: to.epochMilliseconds };
      const sources = await readPastSources(transaction, moment, calendars, span);
      const view = { workspaceId, calendars, sources, range: toRange(from, to, timeZone) };
      const page = await readPage(transaction, view, after, limit);
      const differences = after === undefined ? await readDifferences(transaction, view) : [];
      return {
        ...page,
        past: {
          asOf: moment.at.toISOString(),
          purgedCalendarIds: sources.purgedCalendarIds,
          ...(after === undefined && {
            differences: differences.slice(0, MAX_PAST_DIFFERENCES),
            hasMoreDifferences: differences.length > MAX_PAST_DIFFERENCES,
          }),
        },
      };
    },
    // One snapshot: a commit between two statements would show an event twice, or not at all.
    { isolationLevel: 'RepeatableRead', timeout: LONGEST_READ_MS },
  );
}

function checkRange(from: Temporal.Instant, to: Temporal.Instant): void {
  const lengthMs = to.epochMilliseconds - from.epochMilliseconds;
  if (lengthMs <= 0) throw new InvalidInputError('to', 'must be later than from');
  if (lengthMs > MAX_PAST_RANGE_DAYS * DAY_MS)
    throw new InvalidInputError(
      'to',
      `must be at most ${MAX_PAST_RANGE_DAYS} days after from when asOf is given`,
    );
}

function toRange(from: Temporal.Instant, to: Temporal.Instant, timeZone: string): Range {
  const dayOf = (instant: Temporal.Instant) => instant.toZonedDateTimeISO(timeZone).toPlainDate().toString();
  return {
    begin: Prisma.sql`${from.toString()}::timestamptz`,
    end: Prisma.sql`${to.toString()}::timestamptz`,
    firstDay: dayOf(from),
    lastDay: dayOf(to.subtract({ nanoseconds: 1 })),
    timeZone,
  };
}

async function listCalendars(
  transaction: Transaction,
  workspaceId: string,
  calendarIds: readonly string[] | undefined,
): Promise<PastCalendar[]> {
  return transaction.calendar.findMany({
    where: { workspaceId, enabled: true, ...(calendarIds && { id: { in: [...calendarIds] } }) },
    select: { id: true, timeZone: true },
    orderBy: { id: 'asc' },
  });
}

interface View {
  workspaceId: string;
  calendars: readonly PastCalendar[];
  sources: PastSources;
  range: Range;
}

/** Condition on present occurrences `o` of the calendars asked for. */
const isAskedFor = ({ workspaceId, calendars }: View) => Prisma.sql`
  o.workspace_id = ${workspaceId} and o.calendar_id = any(${calendars.map(({ id }) => id)}::uuid[])`;

interface PageRow {
  /** The occurrence in JSON. */
  json: string;
  id: string;
  sortAt: Date;
  /** Whether more rows follow. */
  more: boolean;
}

async function readPage(
  transaction: Transaction,
  view: View,
  after: PastPage['cursor'],
  limit: number,
): Promise<Omit<PastPage, 'past'>> {
  const { workspaceId, range, sources } = view;
  const isAfter =
    after === undefined
      ? Prisma.empty
      : Prisma.sql`where (sort_at, id) > (${after.sortAt}::timestamptz, ${after.id}::uuid)`;
  const rows = await transaction.$queryRaw<PageRow[]>`
    with past as (
      select ${SHOWN}, ${sortAt(range)} as sort_at from (${pastOccurrences(sources)}) o where ${overlaps(range)}
    ), unchanged as (
      select ${SHOWN}, ${sortAt(range)} as sort_at from workspace_calendar_events o
      where ${isAskedFor(view)} and ${overlaps(range)} and not ${hasChanged(sources)}
    ), event as (
      select * from (select * from past union all select * from unchanged) every ${isAfter}
      order by sort_at, id limit ${limit + 1}::int
    ), written as materialized (
      select event.sort_at, event.id, ${occurrenceJson(workspaceId)} as json
      from event join calendars calendar on calendar.id = event.calendar_id
    )
    select json, id::text as id, sort_at as "sortAt", more from (
      select *, count(*) over () > row_number() over in_order as more, row_number() over in_order as number,
        sum(octet_length(json) + 1) over in_order as bytes
      from written window in_order as (order by sort_at, id)
    ) page
    where number = 1 or (number <= ${limit}::int and bytes <= ${MOST_PAGE_BYTES}::int)
    order by sort_at, id`;
  const last = rows.at(-1);
  return {
    events: rows.map(({ json }) => JSON.parse(json) as Occurrence),
    ...(last?.more && { cursor: { sortAt: last.sortAt.toISOString(), id: last.id } }),
  };
}

interface SideRow extends Pick<PageRow, 'json' | 'id'> {
  side: 'before' | 'now';
}

async function readDifferences(transaction: Transaction, view: View): Promise<Difference[]> {
  const { workspaceId, range, sources } = view;
  const rows = await transaction.$queryRaw<SideRow[]>`
    with past as materialized (
      select ${SHOWN}, ${sortAt(range)} as sort_at from (${pastOccurrences(sources)}) o where ${overlaps(range)}
    ), present as materialized (
      select ${SHOWN}, ${sortAt(range)} as sort_at, ${overlaps(range)} as in_range from workspace_calendar_events o
      where ${isAskedFor(view)} and ${hasChanged(sources)}
    ), differing as (
      select coalesce(past.id, present.id) as id, coalesce(past.sort_at, present.sort_at) as sort_at
      from past full join present on present.id = past.id
      where (past.id is not null or present.in_range)
        and (past.title, past.status, past.busy, past.start_at, past.end_at, past.start_date, past.end_date)
          is distinct from
          (present.title, present.status, present.busy, present.start_at, present.end_at, present.start_date,
            present.end_date)
      order by 2, 1 limit ${MAX_PAST_DIFFERENCES + 1}::int
    ), event as (
      select 'before' as side, ${SHOWN} from past o union all select 'now' as side, ${SHOWN} from present o
    )
    select ${occurrenceJson(workspaceId)} as json, event.id::text as id, event.side
    from differing join event using (id) join calendars calendar on calendar.id = event.calendar_id
    order by differing.sort_at, event.id`;
  const sides = new Map<string, { before: Occurrence | null; now: Occurrence | null }>();
  for (const { id, side, json } of rows) {
    const pair = sides.get(id) ?? { before: null, now: null };
    sides.set(id, { ...pair, [side]: JSON.parse(json) as Occurrence });
  }
  return [...sides.values()].map((pair) => ({ kind: kindOf(pair), ...pair }));
}

function kindOf({ before, now }: { before: Occurrence | null; now: Occurrence | null }): Difference['kind'] {
  if (before === null) return 'added';
  if (now === null) return 'removed';
  return before.start === now.start && before.end === now.end ? 'changed' : 'moved';
}
