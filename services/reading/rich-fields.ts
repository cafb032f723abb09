import { z } from 'zod';
import { Prisma } from '../../prisma/generated/client.ts';

const text = z.string().optional();
const flag = z.boolean().optional();

const personSchema = z.looseObject({ email: text, displayName: text, self: flag });

const attendeeSchema = personSchema.extend({
  responseStatus: text.describe('`needsAction`, `declined`, `tentative` or `accepted`'),
  optional: flag,
  organizer: flag,
  resource: flag.describe('Whether it is a room or other resource'),
});

const entryPointSchema = z.looseObject({
  entryPointType: text.describe('`video`, `phone`, `sip` or `more`'),
  uri: text,
  label: text,
});

/**
 * Fields of an event besides those of an occurrence, in Google's form. A field is absent where the event does
 * not have it, or its calendar was not listed with a detail that keeps it.
 */
export const richFieldsSchema = z
  .object({
    description: z.string().describe('May hold HTML'),
    location: z.string(),
    visibility: z.string().describe('`default`, `public`, `private` or `confidential`'),
    transparency: z.string(),
    eventType: z.string().describe('`default`, `outOfOffice`, `focusTime`, `workingLocation`, …'),
    typeProperties: z.record(z.string(), z.unknown()).describe('Properties of a special event type'),
    timeZone: z.string().describe('IANA time zone of the start'),
    recurrence: z.array(z.string()).describe('Lines of the series, as in RFC 5545'),
    recurringEventId: z.string().describe('ID of the series, of a changed occurrence'),
    created: z.string(),
    updated: z.string(),
    etag: z.string().describe("Google's version of the item, for `ifMatch` of a write"),
    htmlLink: z.string(),
    iCalUID: z.string(),
    sequence: z.number(),
    colorId: z.string(),
    organizer: personSchema,
    creator: personSchema,
    attendees: z.array(attendeeSchema),
    attendeesOmitted: z.boolean(),
    ownResponse: z.string().describe("The own attendee's `responseStatus`"),
    conferenceLink: z.string().describe('Where to join by video'),
    conferenceData: z.looseObject({ conferenceId: text, entryPoints: z.array(entryPointSchema).optional() }),
    attachments: z.array(z.looseObject({ title: text, fileUrl: text, mimeType: text })),
    reminders: z.looseObject({ useDefault: flag }),
    extendedProperties: z.looseObject({
      private: z.record(z.string(), z.unknown()).optional(),
      shared: z.record(z.string(), z.unknown()).optional(),
    }),
    source: z.looseObject({ title: text, url: text }),
    guestsCanInviteOthers: z.boolean(),
    guestsCanModify: z.boolean(),
    guestsCanSeeOtherGuests: z.boolean(),
  })
  .partial();
export type RichFields = z.infer<typeof richFieldsSchema>;

type RichField = keyof RichFields;
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a schema are exactly its type's.
export const RICH_FIELDS = Object.keys(richFieldsSchema.shape) as RichField[];

const path = (expression: string) => Prisma.raw(`jsonb_path_query_first(e.resource, '${expression}')`);

/** Fields that are not the item's field of the same name. */
const DERIVED: Partial<Record<RichField, Prisma.Sql>> = {
  visibility: Prisma.sql`coalesce(e.resource -> 'visibility', '"default"')`,
  transparency: Prisma.sql`coalesce(e.resource -> 'transparency', '"opaque"')`,
  eventType: Prisma.sql`coalesce(e.resource -> 'eventType', '"default"')`,
  timeZone: Prisma.sql`coalesce(e.resource #> '{start,timeZone}', series.resource #> '{start,timeZone}')`,
  recurrence: Prisma.sql`coalesce(e.resource -> 'recurrence', series.resource -> 'recurrence')`,
  ownResponse: path('$.attendees[*] ? (@.self == true).responseStatus'),
  conferenceLink: Prisma.sql`coalesce(
    ${path('$.conferenceData.entryPoints[*] ? (@.entryPointType == "video").uri')}, e.resource -> 'hangoutLink')`,
  typeProperties: Prisma.sql`coalesce(e.resource -> 'workingLocationProperties', e.resource -> 'outOfOfficeProperties',
    e.resource -> 'focusTimeProperties', e.resource -> 'birthdayProperties')`,
};

/**
 * Members of a JSON object for the fields that an event has, each with a comma before it, as text. Over `e`,
 * the item's row of `calendar_events`, and `series`, the row of its series, if any: see `RICH_SOURCES`.
 */
export function richJson(fields: readonly string[]): Prisma.Sql[] {
  return RICH_FIELDS.filter((field) => fields.includes(field)).map((field) => {
    const value = DERIVED[field] ?? Prisma.raw(`e.resource -> '${field}'`);
    return Prisma.sql`coalesce(${Prisma.raw(`',"${field}":'`)} || nullif(${value}, 'null')::text, '')`;
  });
}

/** Whether a field is none of an occurrence, and costs a look at the stored event. */
export const anyIsRich = (fields: readonly string[]) => RICH_FIELDS.some((field) => fields.includes(field));

/** Joins for `richJson`, over `event`, a row of `workspace_calendar_events`. */
export const RICH_SOURCES = Prisma.sql`
  left join calendar_events e on e.calendar_id = event.calendar_id and e.google_event_id = event.google_event_id
  left join calendar_events series on series.calendar_id = e.calendar_id and series.google_event_id = e.series_id`;
