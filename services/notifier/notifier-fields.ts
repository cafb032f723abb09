import { z } from 'zod';
import {
  DEFAULT_AGENDA_HOUR,
  DEFAULT_NOTICES,
  DEFAULT_SUMMARY_WEEKDAY,
  NOTICES,
  NOTIFIER_KINDS,
} from '../../contracts/notices.ts';
import { isWebhookUrl, WEBHOOK_URL_RULE } from '../../contracts/webhook-urls.ts';
import { WEEKDAYS } from '../../scheduling/week-hours.ts';
import { emailSchema, listedId, nameSchema } from '../input.ts';
import { instant } from '../shapes.ts';
import { sentSchema } from './at-once.ts';

const MOST_URL_CHARACTERS = 2_000;
const STATUSES = ['active', 'paused', 'gone', 'unconfirmed'] as const;
/** Statuses that callers may set. */
const CHOSEN = ['active', 'paused'] as const;

const kindSchema = z
  .enum(NOTIFIER_KINDS, { error: `must be one of ${NOTIFIER_KINDS.join(', ')}` })
  .describe('`slack`: a webhook in Slack’s format; `webhook`: one that is signed; `email`');

const noticesSchema = z
  .array(z.enum(NOTICES, { error: `must be one of ${NOTICES.join(', ')}` }))
  .min(1, 'must name a kind of notice')
  .max(NOTICES.length)
  .refine((kinds) => new Set(kinds).size === kinds.length, 'must name each kind once')
  .describe('Kinds of notices that it receives');

const agendaHourSchema = z
  .int('must be an hour from 0 to 23')
  .min(0, 'must be an hour from 0 to 23')
  .max(23, 'must be an hour from 0 to 23')
  .describe(
    "Hour of the workspace's time zone for reports, UTC for `health-report`; from 12 on, the agenda is the next day's",
  );

const summaryWeekdaySchema = z
  .enum(WEEKDAYS, { error: `must be one of ${WEEKDAYS.join(', ')}` })
  .describe('Day on which `weekly-summary` is sent, about the last full week');

const urlSchema = z
  .string()
  .max(MOST_URL_CHARACTERS, `must have at most ${MOST_URL_CHARACTERS} characters`)
  .refine(isWebhookUrl, WEBHOOK_URL_RULE);

export const newNotifier = z
  .strictObject({
    name: nameSchema.describe('Name of the notifier'),
    kind: kindSchema,
    target: z.string().trim().describe('URL of a webhook, or an e-mail address. It is not shown again'),
    notices: noticesSchema.default([...DEFAULT_NOTICES]),
    agendaHour: agendaHourSchema.default(DEFAULT_AGENDA_HOUR),
    summaryWeekday: summaryWeekdaySchema.default(DEFAULT_SUMMARY_WEEKDAY),
  })
  .transform((input, context) => {
    const parsed = (input.kind === 'email' ? emailSchema : urlSchema).safeParse(input.target);
    if (parsed.success) return { ...input, target: parsed.data };
    context.addIssue({ code: 'custom', path: ['target'], message: parsed.error.issues[0]?.message ?? '' });
    return z.NEVER;
  });

export const notifierChanges = z
  .strictObject({
    name: nameSchema.optional(),
    notices: noticesSchema.optional(),
    agendaHour: agendaHourSchema.optional(),
    summaryWeekday: summaryWeekdaySchema.optional(),
    status: z
      .enum(CHOSEN, { error: `must be one of ${CHOSEN.join(', ')}` })
      .optional()
      .describe('A paused notifier receives nothing, and later what is still open'),
  })
  .refine((changes) => Object.values(changes).some((change) => change !== undefined), {
    path: ['name'],
    error: 'must be given, or notices, agendaHour, summaryWeekday or status',
  });

export const notifierIdSchema = listedId('must be the UUID of a notifier');

export const notifierSchema = z.object({
  id: notifierIdSchema,
  name: z.string(),
  kind: kindSchema,
  receiver: z
    .string()
    .nullable()
    .describe('Host of the URL, or shortened e-mail address. Null: its key is not configured'),
  notices: z.array(z.string()),
  agendaHour: agendaHourSchema,
  summaryWeekday: summaryWeekdaySchema,
  status: z
    .enum(STATUSES)
    .describe(
      '`gone`: its receiver has answered 410 and gets nothing more; `unconfirmed`: an e-mail address whose code has not been entered',
    ),
  createdAt: instant,
  lastMessageAt: instant.nullable(),
});
export type NotifierSummary = z.infer<typeof notifierSchema>;

export const createdNotifierSchema = notifierSchema.extend({
  secret: z
    .string()
    .nullable()
    .describe('Secret that signs a webhook, as Standard Webhooks writes it. It is shown only once'),
  confirmation: sentSchema
    .nullable()
    .describe('What became of the e-mail with the code. Null: none is needed'),
});
