import { z } from 'zod';
import { Temporal } from 'temporal-polyfill';
import type { Database } from '../../prisma/client.ts';
import type { EmbedLink } from '../../prisma/generated/client.ts';
import { InvalidInputError } from '../errors.ts';
import { parseInput, timeSchema, toInstant } from '../input.ts';
import { eventPages, OCCURRENCE_STATUSES } from '../reading/list-occurrences.ts';
import { instant, uuid } from '../shapes.ts';
import { HIDDEN } from './read-feed.ts';

const MOST_DAYS = 35;
const MOST_EVENTS = 2_000;
const DAY_HOURS = 24;

export const embeddedRange = z.object({
  from: timeSchema.describe('Start of the range: an instant, or a date in the time zone of the view'),
  to: timeSchema.describe(`Exclusive end of the range, in the same form; at most ${MOST_DAYS} days later`),
});

/** No address of a person, which a Google calendar ID often is. */
export const embeddedEventsSchema = z.object({
  timeZone: z.string().describe('Time zone of the view'),
  expiresAt: instant.describe('End of the link'),
  events: z.array(
    z.object({
      id: uuid('the occurrence'),
      calendarId: uuid('its calendar'),
      title: z.string().nullable().describe('Null: there is none, or the event is private'),
      start: z.string().describe('A UTC instant or, where `allDay`, a date'),
      end: z.string().describe('Exclusive, in the same form'),
      allDay: z.boolean(),
      status: z.enum(OCCURRENCE_STATUSES),
      busy: z.boolean().describe('Whether it blocks time'),
    }),
  ),
  isCut: z.boolean().describe(`Whether further occurrences follow: at most ${MOST_EVENTS} are answered`),
});
type EmbeddedEvents = z.infer<typeof embeddedEventsSchema>;

const FIELDS = ['calendarId', 'title', 'start', 'end', 'allDay', 'status', 'busy', 'visibility'] as const;

/**
 * Occurrences that an embed link shows, in order of their start. Titles that Google hides from others stay hidden.
 * @throws InvalidInputError when the range has no day or more than 35
 */
export async function readEmbedded(
  database: Database,
  link: EmbedLink,
  range: z.input<typeof embeddedRange>,
): Promise<EmbeddedEvents> {
  const { workspaceId, calendarIds, timeZone, expiresAt } = link;
  const given = parseInput(embeddedRange, range);
  const [from, to] = [toInstant(given.from, timeZone), toInstant(given.to, timeZone)];
  if (Temporal.Instant.compare(from, to) >= 0) throw new InvalidInputError('to', 'must be later than from');
  // A day with a change to winter time has an hour more.
  if (to.since(from).total('hours') > MOST_DAYS * DAY_HOURS + 1)
    throw new InvalidInputError('to', `must be at most ${MOST_DAYS} days later than from`);

  const events: EmbeddedEvents['events'] = [];
  const pages = eventPages(database, {
    workspaceId,
    from: from.toString(),
    to: to.toString(),
    fields: [...FIELDS],
    ...(calendarIds.length > 0 && { calendarIds }),
  });
  for await (const page of pages) {
    for (const { visibility = '', title = null, ...event } of page) {
      if (events.length === MOST_EVENTS)
        return { timeZone, expiresAt: expiresAt.toISOString(), events, isCut: true };
      events.push({
        ...event,
        title: HIDDEN.includes(visibility) ? null : title,
      } as EmbeddedEvents['events'][0]);
    }
  }
  return { timeZone, expiresAt: expiresAt.toISOString(), events, isCut: false };
}
