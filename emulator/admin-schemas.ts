import { z } from 'zod';
import { isTimeZone } from './recurrence/zones.ts';

const email = z.string().regex(/^[^@\s]+@[^@\s]+$/, 'must be an e-mail address');
const calendarId = z.string().min(1);
const eventId = z.string().min(1);
const timeZone = z.string().refine(isTimeZone, 'must be an IANA time zone');
const moment = z.iso.datetime({ offset: true });
const accessRole = z.enum(['freeBusyReader', 'reader', 'writerWithoutPrivateAccess', 'writer', 'owner']);
const eventBody = z.record(z.string(), z.unknown());
const count = z.int().min(0);
const share = z.number().min(0).max(1);

export const userSchema = z.strictObject({
  email,
  /** Chosen by the caller, or generated. */
  refreshToken: z.string().min(1).optional(),
  /** Zone of the primary calendar; default UTC. */
  timeZone: timeZone.optional(),
  /** Scopes of the grant; default the full calendar scope. */
  scopes: z.array(z.string()).optional(),
});

export const calendarSchema = z.strictObject({
  id: calendarId.optional(),
  summary: z.string(),
  timeZone,
  accessRole: accessRole.optional(),
  primary: z.boolean().optional(),
  hidden: z.boolean().optional(),
  /** false for holiday and birthday calendars, which refuse watch channels. */
  pushSupported: z.boolean().optional(),
});

export const generateEventsSchema = z.strictObject({
  count: count.max(1_000_000),
  /** Share of events that are series, 0 to 1; default 0.15. */
  recurringShare: share.optional(),
  seed: z.int().optional(),
  /** Middle of the range of the events; default now. */
  around: moment.optional(),
  /** Prefix of every title and description. */
  mark: z.string().min(1).optional(),
});

export const generateSchema = z.strictObject({
  workspaces: count.max(10_000),
  calendarsPerWorkspace: z.int().min(1).max(100),
  eventsPerCalendar: count.max(1_000_000),
  recurringShare: share.optional(),
  seed: z.int().optional(),
  around: moment.optional(),
  /** Zones given to the users in turn; default a mix with and without DST. */
  timeZones: z.array(timeZone).min(1).optional(),
  /** Users are `{prefix}-1@example.com` and so on; default `workspace`. */
  emailPrefix: z.string().min(1).optional(),
});

export const faultSchema = z.strictObject({
  match: z
    .strictObject({
      method: z.string(),
      pathPrefix: z.string(),
      pathContains: z.string(),
      calendarId,
      email,
      query: z.record(z.string(), z.string()),
      withoutQuery: z.array(z.string()),
      withGuests: z.boolean(),
    })
    .partial(),
  times: z.int().min(1),
  forMs: z.number().min(0).optional(),
  afterCommit: z.boolean().optional(),
  status: z.int().min(400).max(599).optional(),
  reason: z.string().optional(),
  domain: z.string().optional(),
  message: z.string().optional(),
  retryAfterSeconds: z.number().min(0).optional(),
  htmlBody: z.string().optional(),
  hang: z.boolean().optional(),
  delayMs: z.number().min(0).max(600_000).optional(),
  resetConnection: z.boolean().optional(),
  truncateBody: z.boolean().optional(),
  emptyItems: z.boolean().optional(),
  withoutItems: z.array(z.string()).optional(),
});

export const quotaSchema = z.strictObject({
  perUserPerMinute: z.int().min(0).optional(),
  perProjectPerMinute: z.int().min(0).optional(),
  status: z.union([z.literal(403), z.literal(429)]),
  retryAfterSeconds: z.number().min(0).optional(),
});

export const pageShapeSchema = z
  .strictObject({
    maxPageSize: z.int().min(1).max(2500),
    emptyPageEvery: count,
    richTombstones: z.boolean(),
    listChildrenOfCancelledMaster: z.boolean(),
    instanceHorizonDays: z.int().min(1).max(36_500),
    rejectMismatchedParams: z.boolean(),
    updatedMinMaxAgeDays: z.int().min(1),
  })
  .partial();

export const pushSchema = z
  .strictObject({
    drop: z.union([share, z.boolean().transform(Number)]),
    duplicate: z.boolean(),
    delayMs: z.number().min(0).max(600_000),
    reorder: z.boolean(),
  })
  .partial();

export const clockSchema = z.strictObject({
  /** Seconds ahead of the system's clock; negative: behind it. */
  offsetSeconds: z.int().min(-31_536_000).max(31_536_000),
});

/** Arguments of every admin operation, checked in process and over HTTP alike. */
export const argumentSchemas = {
  createUser: z.tuple([userSchema]),
  createCalendar: z.tuple([email, calendarSchema]),
  removeCalendar: z.tuple([calendarId]),
  setAccessRole: z.tuple([email, calendarId, z.union([accessRole, z.literal('none')])]),
  importIcs: z.tuple([email, calendarId, z.string()]),
  generate: z.tuple([generateSchema]),
  generateEvents: z.tuple([calendarId, generateEventsSchema]),
  insertEvent: z.tuple([calendarId, eventBody]),
  patchEvent: z.tuple([calendarId, eventId, eventBody]),
  deleteEvent: z.tuple([calendarId, eventId]),
  undeleteEvent: z.tuple([calendarId, eventId]),
  splitSeries: z.tuple([calendarId, eventId, z.string(), eventBody.optional()]),
  expireSyncTokens: z.tuple([calendarId.optional()]),
  killPageTokens: z.tuple([calendarId.optional()]),
  revokeGrant: z.tuple([email]),
  expireAccessTokens: z.tuple([email.optional()]),
  addFault: z.tuple([faultSchema]),
  clearFaults: z.tuple([]),
  setQuota: z.tuple([quotaSchema]),
  setPageShape: z.tuple([pageShapeSchema]),
  setPush: z.tuple([pushSchema]),
  setClock: z.tuple([clockSchema]),
  requests: z.tuple([z.strictObject({ since: z.iso.datetime() }).partial().optional()]),
  requestCounts: z.tuple([]),
  listEvents: z.tuple([calendarId]),
  listOccurrences: z.tuple([calendarId, moment, moment]),
  calendars: z.tuple([email]),
  channels: z.tuple([]),
  mails: z.tuple([]),
  reset: z.tuple([]),
} as const;

export type AdminOperation = keyof typeof argumentSchemas;

/** Names of all admin operations. */
// oxlint-disable-next-line typescript/no-unsafe-type-assertion -- the keys of a constant are exactly its type's.
export const ADMIN_OPERATIONS = Object.keys(argumentSchemas) as AdminOperation[];
