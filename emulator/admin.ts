import type { z } from 'zod';
import type {
  calendarSchema,
  clockSchema,
  faultSchema,
  generateEventsSchema,
  generateSchema,
  pageShapeSchema,
  pushSchema,
  quotaSchema,
  userSchema,
} from './admin-schemas.ts';
import type { RequestRecord } from './http/request-log.ts';
import type { Mail } from './mail/mail-book.ts';
import type { AccessRole, EventResource } from './state/types.ts';

export type { RequestRecord } from './http/request-log.ts';
export type { AccessRole, EventResource } from './state/types.ts';

type UserInput = z.input<typeof userSchema>;
type CalendarInput = z.input<typeof calendarSchema>;
export type GenerateInput = z.input<typeof generateSchema>;
type GenerateEventsInput = z.input<typeof generateEventsSchema>;
export type FaultInput = z.input<typeof faultSchema>;
type QuotaInput = z.input<typeof quotaSchema>;
type PageShapeInput = z.input<typeof pageShapeSchema>;
type PushInput = z.input<typeof pushSchema>;
type ClockInput = z.input<typeof clockSchema>;
/** An event as an API request body. */
export type EventBody = object;

/** A calendar of a user. */
export interface CalendarSummary {
  id: string;
  summary: string;
  timeZone: string;
  accessRole: AccessRole;
  primary: boolean;
  hidden: boolean;
  events: number;
}

/** A generated user with its calendars; the first one is the primary. */
export interface GeneratedWorkspace {
  email: string;
  refreshToken: string;
  calendars: string[];
}

/** Operations on a running emulator besides Google's API. Over HTTP: POST /_admin/{operation}. */
export interface EmulatorAdmin {
  /**
   * Creates a user with a primary calendar (its ID is the e-mail address) and a grant for the default client.
   */
  createUser(user: UserInput): Promise<{ email: string; refreshToken: string }>;
  /** Creates a calendar, or puts an existing one (same ID) into another user's list. */
  createCalendar(email: string, calendar: CalendarInput): Promise<{ id: string }>;
  removeCalendar(calendarId: string): Promise<void>;
  /**
   * Changes a user's access; `none` removes the calendar from their list. Voids their sync tokens of the
   * calendar.
   */
  setAccessRole(email: string, calendarId: string, role: AccessRole | 'none'): Promise<void>;
  /** Imports an iCalendar file; importing it again updates the same events. */
  importIcs(email: string, calendarId: string, icsText: string): Promise<{ events: number }>;
  /** Generates users with calendars and events. */
  generate(input: GenerateInput): Promise<GeneratedWorkspace[]>;
  generateEvents(calendarId: string, input: GenerateEventsInput): Promise<{ events: number }>;
  /** The next four edit as the owner in Google's interface; an occurrence ID edits that occurrence. */
  insertEvent(calendarId: string, event: EventBody): Promise<EventResource>;
  patchEvent(calendarId: string, eventId: string, patch: EventBody): Promise<EventResource>;
  deleteEvent(calendarId: string, eventId: string): Promise<void>;
  undeleteEvent(calendarId: string, eventId: string): Promise<EventResource>;
  /**
   * Edits "this and following": ends the series before the occurrence that starts at `originalStart` (date or
   * date-time) and continues it as a new series with `changes`, which is returned.
   */
  splitSeries(
    calendarId: string,
    masterId: string,
    originalStart: string,
    changes?: EventBody,
  ): Promise<EventResource>;
  /** Sync tokens handed out so far answer 410; without an ID those of every calendar and calendar list. */
  expireSyncTokens(calendarId?: string): Promise<void>;
  /** Page tokens handed out so far answer 400. */
  killPageTokens(calendarId?: string): Promise<void>;
  /** Refresh tokens of the user answer invalid_grant, access tokens 401. */
  revokeGrant(email: string): Promise<void>;
  expireAccessTokens(email?: string): Promise<void>;
  addFault(fault: FaultInput): Promise<void>;
  clearFaults(): Promise<void>;
  /** Replaces the quota limits and starts new windows. */
  setQuota(quota: QuotaInput): Promise<void>;
  setPageShape(shape: PageShapeInput): Promise<void>;
  setPush(push: PushInput): Promise<void>;
  /** Shifts the emulator's clock in either direction; all timing follows it. */
  setClock(clock: ClockInput): Promise<void>;
  /** The last 10,000 requests, oldest first; `since` is an ISO time. */
  requests(filter?: { since?: string }): Promise<RequestRecord[]>;
  /** Number of requests by kind, such as `GET /calendar/v3/calendars/:id/events`. */
  requestCounts(): Promise<Record<string, number>>;
  /**
   * Expected state for tests: the owner's complete listing with singleEvents=false and without showDeleted.
   */
  listEvents(calendarId: string): Promise<EventResource[]>;
  /** Expected state for tests: every occurrence that overlaps the range, ordered by start. */
  listOccurrences(calendarId: string, from: string, to: string): Promise<EventResource[]>;
  calendars(email: string): Promise<CalendarSummary[]>;
  /** Mails to guests, oldest first. Nothing is sent. */
  mails(): Promise<Mail[]>;
  /** Open watch channels. */
  channels(): Promise<{ id: string; calendarId: string; address: string; expiration: string }[]>;
  /** Removes all state except the record of this request. */
  reset(): Promise<void>;
}
