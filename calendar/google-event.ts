import { z } from 'zod';

const text = z.string().nullish();
/** Text that nothing depends on: another scalar is written out, anything else is left out. */
const looseText = z
  .union([z.string(), z.union([z.number(), z.boolean()]).transform(String)])
  .nullish()
  .catch(undefined);
/** A value of a private property, which is text at Google. */
const propertyValue = z
  .unknown()
  .transform((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')));
const flag = z.boolean().nullish();

const eventTime = z.looseObject({ date: text, dateTime: text, timeZone: text }).nullish();

/**
 * An item of `events.list`, as liberal as it can be: Google leaves out what has its default value, and of a cancelled
 * item only the ID is certain. Nothing is defaulted here; keys that are not named are kept. Look at `status` first.
 * Strict is only what the mapping depends on.
 */
const googleEventSchema = z.looseObject({
  id: z.string(),
  status: text,
  etag: text,
  updated: looseText,
  summary: looseText,
  description: looseText,
  location: looseText,
  start: eventTime,
  end: eventTime,
  recurrence: z.array(z.string()).nullish(),
  recurringEventId: text,
  originalStartTime: eventTime,
  transparency: text,
  visibility: looseText,
  eventType: text,
  attendees: z.array(z.looseObject({ self: flag, responseStatus: text })).nullish(),
  organizer: z.looseObject({ self: flag }).nullish().catch(undefined),
  extendedProperties: z
    .looseObject({ private: z.record(z.string(), propertyValue).nullish() })
    .nullish()
    .catch(undefined),
  iCalUID: looseText,
  sequence: z
    .union([
      z.number(),
      z
        .string()
        .regex(/^\d{1,9}$/)
        .transform(Number),
    ])
    .nullish()
    .catch(undefined),
  colorId: looseText,
  hangoutLink: looseText,
});

/** What Almanac reads of an event that Google lists. */
export type GoogleEvent = z.infer<typeof googleEventSchema>;

/**
 * What is left of an item that breaks Google's own reference, so that one item never costs the whole page: enough to
 * honour a cancellation. Without a start, the mapping skips anything else, and the mirror keeps what it has.
 */
const salvagedEventSchema = z
  .object({ id: z.string().catch(''), status: text.catch(null), recurringEventId: text.catch(null) })
  .catch({ id: '', status: null, recurringEventId: null });

/** A page of `events.list`. `items` may be empty although more pages follow: only the tokens tell. */
export const googleEventsPageSchema = z.looseObject({
  items: z
    .array(googleEventSchema.catch((context) => salvagedEventSchema.parse(context.value)))
    .nullish()
    .transform((items) => items ?? []),
  nextPageToken: text,
  nextSyncToken: text,
  timeZone: text,
  accessRole: text,
  updated: text,
});

/** One page of a listing. */
export type GoogleEventsPage = z.infer<typeof googleEventsPageSchema>;

/**
 * The `fields` mask of every `events.list` call. It must be the same for every page of a listing and for the
 * increments after it.
 *
 * In: the tokens (without them sync stops silently), what the mapping and the busy rule read, what a reader of the
 * mirror asks for (title, place, description, link, colour), what tells our own events (private extended
 * properties), and what identifies an event elsewhere (`iCalUID`, `sequence`).
 *
 * Out, because nothing reads them and they make up most of a page: guests other than their `self` and
 * `responseStatus` (no e-mail addresses in the mirror), `creator`, `reminders`, `conferenceData`, `attachments`,
 * `kind`, `htmlLink`, `endTimeUnspecified` (Google fills `end` in anyway).
 */
export const GOOGLE_EVENT_FIELDS = [
  'nextPageToken',
  'nextSyncToken',
  'timeZone',
  'accessRole',
  'updated',
  `items(${[
    'id',
    'status',
    'etag',
    'updated',
    'summary',
    'description',
    'location',
    'start',
    'end',
    'recurrence',
    'recurringEventId',
    'originalStartTime',
    'transparency',
    'visibility',
    'eventType',
    'attendees(self,responseStatus)',
    'organizer(self)',
    'extendedProperties/private',
    'iCalUID',
    'sequence',
    'colorId',
    'hangoutLink',
  ].join(',')})`,
].join(',');
