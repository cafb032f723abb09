import { z } from 'zod';

const text = z.string().nullish();
/** Text that no logic depends on: other scalars are converted, anything else is dropped. */
const looseText = z
  .union([z.string(), z.union([z.number(), z.boolean()]).transform(String)])
  .nullish()
  .catch(undefined);
/** Value of a private property. Google stores text; any other value becomes JSON. */
const propertyValue = z
  .unknown()
  .transform((value) => (typeof value === 'string' ? value : (JSON.stringify(value) ?? '')));
const flag = z.boolean().nullish();

const eventTime = z.looseObject({ date: text, dateTime: text, timeZone: text }).nullish();

/**
 * An item of `events.list`, or an event that Google answers with. It is strict only where the mapping depends on it, because Google omits default
 * values, and a cancelled item may have only its ID. No field gets a default, and unknown keys are kept.
 * Check `status` first.
 */
export const googleEventSchema = z.looseObject({
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

/** An event as Google lists it, with the fields that Almanac reads. */
export type GoogleEvent = z.infer<typeof googleEventSchema>;

/**
 * Fallback for an item that violates Google's own reference, so that one item never fails the whole page. It
 * keeps enough to apply a cancellation. Without a start, the mapping skips any other item, and the mirror
 * keeps its version.
 */
const salvagedEventSchema = z
  .object({ id: z.string().catch(''), status: text.catch(null), recurringEventId: text.catch(null) })
  .catch({ id: '', status: null, recurringEventId: null });

/** A page of `events.list`. `items` may be empty although more pages follow: only the tokens show the end. */
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
