import { z } from 'zod';
import {
  DELIVERY_LOGS,
  WEBHOOK_EVENT_TYPES,
  WEBHOOK_PAUSE_REASONS,
  WEBHOOK_PAYLOADS,
  WEBHOOK_STATUSES,
} from '../../contracts/delivery.ts';
import { DEFAULT_OCCURRENCE_DAYS, MAX_CALENDAR_IDS, MAX_OCCURRENCE_DAYS } from '../../contracts/limits.ts';
import { calendarIdSchema, listedId } from '../input.ts';
import { instant, uuid } from '../shapes.ts';
import { receiverUrlSchema } from './receiver-url.ts';

export const webhookIdSchema = listedId('must be a webhook UUID');

const typesSchema = z
  .array(z.enum(WEBHOOK_EVENT_TYPES, { error: `must be one or more of ${WEBHOOK_EVENT_TYPES.join(', ')}` }))
  .min(1, `must be one or more of ${WEBHOOK_EVENT_TYPES.join(', ')}`)
  .max(WEBHOOK_EVENT_TYPES.length, 'must name each type once')
  .transform((types) => [...new Set(types)])
  .describe('Types of events that are delivered');

const calendarIdsSchema = z
  .array(calendarIdSchema)
  .max(MAX_CALENDAR_IDS, `must have at most ${MAX_CALENDAR_IDS} entries`)
  .transform((ids) => [...new Set(ids)])
  .describe('Calendars whose changes are delivered. Empty: all. Changes that name no calendar pass');

const DAYS_RULE = `must be a whole number from 1 to ${MAX_OCCURRENCE_DAYS}`;
const occurrenceDaysSchema = z
  .int({ error: DAYS_RULE })
  .min(1, DAYS_RULE)
  .max(MAX_OCCURRENCE_DAYS, DAYS_RULE)
  .describe('Changes of occurrences are delivered that start within so many days: types `occurrence.…`');

const payloadSchema = z
  .enum(WEBHOOK_PAYLOADS, { error: `must be one of ${WEBHOOK_PAYLOADS.join(', ')}` })
  .describe('`thin`: IDs and positions; `full`: events as well, as Google sent them');

const POSITION_RULE = 'must be a position of the change log, or 0 for its beginning';
export const positionSchema = z
  .int({ error: POSITION_RULE })
  .min(0, POSITION_RULE)
  .max(999_999_999_999_999, POSITION_RULE);

export const newWebhook = z.strictObject({
  url: receiverUrlSchema,
  types: typesSchema.prefault([...DELIVERY_LOGS.events]),
  calendarIds: calendarIdsSchema.default([]),
  occurrenceDays: occurrenceDaysSchema.default(DEFAULT_OCCURRENCE_DAYS),
  payload: payloadSchema.default('thin'),
  from: positionSchema
    .optional()
    .describe('Deliver what follows this position; 0: from the beginning. Default: what changes from now on'),
});

export const webhookChanges = z
  .strictObject({
    url: receiverUrlSchema,
    types: typesSchema,
    calendarIds: calendarIdsSchema,
    occurrenceDays: occurrenceDaysSchema,
    payload: payloadSchema,
  })
  .partial()
  .refine((changes) => Object.values(changes).some((change) => change !== undefined), {
    path: ['url'],
    error: 'must be given, or types, calendarIds, occurrenceDays or payload',
  });

export const webhookSchema = z.object({
  id: uuid('the webhook'),
  workspaceId: z.string().nullable().describe('Null: every workspace'),
  url: z.string(),
  types: z.array(z.string()),
  calendarIds: z.array(z.string()),
  occurrenceDays: z.int(),
  payload: z.enum(WEBHOOK_PAYLOADS),
  status: z.enum(WEBHOOK_STATUSES),
  pauseReason: z
    .enum(WEBHOOK_PAUSE_REASONS)
    .nullable()
    .describe(
      '`requested`; `failed` for three days; `gone`: answered 410; `behind`: the log lacks what comes next',
    ),
  failures: z.int().describe('Failed attempts in a row'),
  failingSince: instant.nullable(),
  retryAt: instant.nullable().describe('Earliest next attempt. Null: at once'),
  lastError: z.string().nullable().describe('HTTP status or code of the last failed attempt'),
  lastDeliveredAt: instant.nullable(),
  previousSecretUntil: instant.nullable().describe('Until then the replaced secret signs as well'),
  createdAt: instant,
});
export type Webhook = z.infer<typeof webhookSchema>;

export const secretSchema = z.object({
  secret: z.string().describe('Secret that signs deliveries, `whsec_…`. It is shown only once'),
});
export const createdWebhookSchema = webhookSchema.extend(secretSchema.shape);
