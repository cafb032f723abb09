import { Temporal } from 'temporal-polyfill';
import { z } from 'zod';
import { MAX_ATTENDEES, MAX_WRITES_PER_BATCH } from '../../contracts/limits.ts';
import { SEND_UPDATES, SERIES_SCOPES } from '../../contracts/writing.ts';
import { calendarIdSchema, emailSchema, isKnownYear, PRINTABLE, timeZoneSchema } from '../input.ts';
import { uuid } from '../shapes.ts';

/** Google's limits, as its reference and its answers give them. */
const MOST_RECURRENCE_LINES = 50;
const LONGEST_LINE = 2_000;
const MOST_REMINDERS = 5;
const LONGEST_REMINDER_MINUTES = 40_320;
const MOST_PROPERTIES = 300;
const LONGEST_PROPERTY_KEY = 44;
const LONGEST_PROPERTY_VALUE = 1_024;
const COLORS = 11;

const DATE = /^\d{4}-\d{2}-\d{2}$/;
const DATE_TIME = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(\.\d{1,3})?(Z|[+-]\d{2}:\d{2})?$/;
const OFFSET = /(Z|[+-]\d{2}:\d{2})$/;
const RECURRENCE = /^(RRULE|RDATE|EXDATE)[;:][\x20-\x7e]+$/;
const TIME_RULE =
  'must be a date like 2026-01-05, or a time like 2026-01-05T09:00:00Z or, in timeZone, 2026-01-05T09:00:00';

function isEventTime(text: string): boolean {
  if (!DATE.test(text) && !DATE_TIME.test(text)) return false;
  try {
    return isKnownYear(
      isFixed(text)
        ? Temporal.Instant.from(text).toZonedDateTimeISO('UTC').year
        : Temporal.PlainDateTime.from(text).year,
    );
  } catch {
    return false;
  }
}

const text = (most: number) => z.string().max(most, `must have at most ${most} characters`);
const oneOf = <const Values extends readonly [string, ...string[]]>(values: Values) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` });

const eventTime = z.string().refine(isEventTime, TIME_RULE);

const attendee = z.strictObject({
  email: emailSchema,
  displayName: text(200).regex(PRINTABLE.pattern, PRINTABLE.rule).optional(),
  optional: z.boolean().optional().describe('Whether the guest need not come'),
});

const properties = z
  .record(text(LONGEST_PROPERTY_KEY).min(1, 'must not be empty'), text(LONGEST_PROPERTY_VALUE).nullable())
  .refine(
    (given) => Object.keys(given).length <= MOST_PROPERTIES,
    `must have at most ${MOST_PROPERTIES} entries`,
  );

/** Fields of an event that a caller writes, in Google's form. */
const fields = {
  title: text(1_024),
  description: text(8_192).describe('May hold HTML'),
  location: text(1_024),
  start: eventTime.describe(
    'A date for an all-day event, a time with an offset, or a time in `timeZone` without one',
  ),
  end: eventTime.describe('Exclusive, in the form of `start`'),
  timeZone: timeZoneSchema.describe('IANA time zone of start and end. Default: that of the workspace'),
  recurrence: z
    .array(
      text(LONGEST_LINE).regex(
        RECURRENCE,
        'must be a line of RFC 5545 that begins with RRULE, RDATE or EXDATE',
      ),
    )
    .max(MOST_RECURRENCE_LINES)
    .describe('Lines that make the event a series, as in RFC 5545'),
  attendees: z.array(attendee).max(MAX_ATTENDEES).describe('All guests. Those who stay keep their answers'),
  colorId: z
    .string()
    .refine((id) => /^\d{1,2}$/.test(id) && Number(id) >= 1 && Number(id) <= COLORS, {
      error: `must be the number of a colour, 1 to ${COLORS}`,
    })
    .describe(`One of Google's colours of events, 1 to ${COLORS}`),
  visibility: oneOf(['default', 'public', 'private', 'confidential']),
  transparency: oneOf(['opaque', 'transparent']).describe('`transparent`: it does not take up time'),
  status: oneOf(['confirmed', 'tentative']),
  reminders: z
    .strictObject({
      useDefault: z.boolean(),
      overrides: z
        .array(
          z.strictObject({
            method: oneOf(['email', 'popup']),
            minutes: z.int().min(0).max(LONGEST_REMINDER_MINUTES),
          }),
        )
        .max(MOST_REMINDERS)
        .optional(),
    })
    .refine(
      ({ useDefault, overrides }) => !useDefault || !overrides?.length,
      'must not have overrides while useDefault is true',
    ),
  conference: z.boolean().describe('`true` adds a Google Meet, `false` removes the conference'),
  extendedProperties: z
    .strictObject({ private: properties, shared: properties })
    .partial()
    .describe('Properties for programs. Null removes one'),
  guestsCanInviteOthers: z.boolean(),
  guestsCanModify: z.boolean(),
  guestsCanSeeOtherGuests: z.boolean(),
};

const sendUpdates = oneOf(SEND_UPDATES)
  .default('none')
  .describe('Guests whom Google tells by e-mail: `externalOnly` are those without Google Calendar');
const series = oneOf(SERIES_SCOPES)
  .default('this')
  .describe('Occurrences of a series that it is about: this one, it and the following ones, or all');
const ifMatch = text(256)
  .regex(/^[\x21-\x7e]+$/, 'must be the etag of the event')
  .optional()
  .describe('Write only if the event still has this `etag`');
const eventId = uuid('the occurrence');

/** Whether a time has an offset. */
const isFixed = (time: string) => DATE_TIME.test(time) && OFFSET.test(time);

interface Span {
  start?: string | undefined;
  end?: string | undefined;
}

/** Start and end have the same form, and the end is not before the start. */
function checkSpan({ start, end }: Span, context: z.RefinementCtx): void {
  if (start === undefined || end === undefined) return;
  const [startsOnDay, endsOnDay] = [DATE.test(start), DATE.test(end)];
  const refuse = (rule: string) => context.addIssue({ code: 'custom', path: ['end'], message: rule });
  if (startsOnDay !== endsOnDay) return refuse('must be a date if start is one, and a time if start is one');
  if (!startsOnDay && isFixed(start) !== isFixed(end))
    return refuse('must have an offset if start has one, and none if start has none');
  const [from, to] = startsOnDay || !isFixed(start) ? [start, end] : [instantOf(start), instantOf(end)];
  if (startsOnDay ? to <= from : to < from) refuse('must be after start');
}

const instantOf = (time: string) => Temporal.Instant.from(time).toString();

export const newEventSchema = z
  .strictObject({
    calendarId: calendarIdSchema.describe('UUID of the calendar'),
    ...z.object(fields).partial().shape,
    start: fields.start,
    end: fields.end,
    sendUpdates,
  })
  .superRefine(checkSpan);

const { title, description, location, colorId, recurrence, attendees, ...kept } = fields;
const changesShape = {
  calendarId: calendarIdSchema.optional().describe('Moves the event to this calendar of the same account'),
  ...z.object(kept).partial().shape,
  title: title.nullish(),
  description: description.nullish(),
  location: location.nullish(),
  colorId: colorId.nullish(),
  recurrence: recurrence.nullish().describe('Lines of the series. Null makes it a single event'),
  attendees: attendees.nullish(),
  series,
  ifMatch,
  sendUpdates,
};
const SETTINGS = ['series', 'ifMatch', 'sendUpdates'];

/** The end goes with the start, and a start alone would leave its length open. */
function checkChanges(changes: Span & Record<string, unknown>, context: z.RefinementCtx): void {
  if (Object.keys(changes).every((key) => SETTINGS.includes(key) || changes[key] === undefined))
    context.addIssue({ code: 'custom', path: [], message: 'must have a field to change' });
  if ((changes.start === undefined) !== (changes.end === undefined)) {
    const missing = changes.start === undefined ? 'start' : 'end';
    context.addIssue({
      code: 'custom',
      path: [missing],
      message: 'must be given: start and end go together',
    });
  }
  checkSpan(changes, context);
}

export const eventChangesSchema = z.strictObject(changesShape).superRefine(checkChanges);
export const deletionSchema = z.strictObject({ series, ifMatch, sendUpdates });
export const answerSchema = z.strictObject({
  response: oneOf(['accepted', 'declined', 'tentative']),
  comment: text(1_000).optional(),
  series: oneOf(['this', 'all'])
    .default('this')
    .describe('Occurrences of a series that the answer is about: this one, or all'),
  sendUpdates,
});

/** A write, as it is stored until it is finished. */
export const writeSchema = z.discriminatedUnion('operation', [
  newEventSchema.safeExtend({ operation: z.literal('create') }),
  z
    .strictObject({ operation: z.literal('change'), eventId, ...changesShape })
    .superRefine(({ operation: _operation, eventId: _eventId, ...changes }, context) =>
      checkChanges(changes, context),
    ),
  deletionSchema.safeExtend({ operation: z.literal('delete'), eventId }),
  answerSchema.safeExtend({ operation: z.literal('answer'), eventId }),
]);
export type Write = z.infer<typeof writeSchema>;
export type NewEvent = Extract<Write, { operation: 'create' }>;
export type EventChanges = Extract<Write, { operation: 'change' }>;

export const writesSchema = z.array(writeSchema).min(1).max(MAX_WRITES_PER_BATCH);
