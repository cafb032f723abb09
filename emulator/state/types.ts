/** Start, end or original start of an event: exactly one of `date` and `dateTime`. */
export interface EventTime {
  date?: string;
  dateTime?: string;
  timeZone?: string;
}

/** An attendee row; `self` is relative to the calendar that holds the event. */
export interface Attendee {
  email: string;
  self?: boolean;
  organizer?: boolean;
  responseStatus?: string;
  [key: string]: unknown;
}

/** Fields of an event apart from its ID. Fields that the emulator only stores are not named here. */
export interface EventFields {
  status: 'confirmed' | 'tentative' | 'cancelled';
  etag?: string;
  created?: string;
  updated?: string;
  summary?: string;
  description?: string;
  location?: string;
  start?: EventTime;
  end?: EventTime;
  recurrence?: string[];
  recurringEventId?: string;
  originalStartTime?: EventTime;
  iCalUID?: string;
  sequence?: number;
  eventType?: string;
  transparency?: string;
  visibility?: string;
  attendees?: Attendee[];
  organizer?: { email: string; self?: boolean; displayName?: string };
  extendedProperties?: { private?: Record<string, string>; shared?: Record<string, string> };
  [key: string]: unknown;
}

/** An event as the API writes it. */
export interface EventResource extends EventFields {
  id: string;
}

/** One state of an event. Never changed after it was committed. */
export interface EventVersion {
  seq: number;
  resource: EventResource;
  /** An exception whose original start its series no longer produces: a plain tombstone. */
  orphaned?: boolean;
}

/** A rule that a series followed until change `replacedAtSeq`. */
export interface FormerShape {
  replacedAtSeq: number;
  resource: EventResource;
}

/** An event with its current state and the states that open page tokens still need. */
export interface EventRecord {
  id: string;
  /** Place in the calendar's listing order. */
  position: number;
  current: EventVersion;
  older: EventVersion[];
  formerShapes?: FormerShape[];
  /** Last rendering: pages of a listing are asked for again and again with the same view. */
  cachedView?: string;
  cachedVersion?: EventVersion;
  cachedJson?: string;
}

export type AccessRole = 'freeBusyReader' | 'reader' | 'writerWithoutPrivateAccess' | 'writer' | 'owner';

/** A calendar in a user's list. */
export interface CalendarListEntry {
  calendarId: string;
  accessRole: AccessRole;
  primary?: boolean;
  hidden?: boolean;
  deleted?: boolean;
  selected?: boolean;
  summaryOverride?: string;
  colorId?: string;
  defaultReminders?: unknown[];
  /** Change number in the user's list. */
  seq: number;
  /** Sync tokens of an older epoch are void: access to the calendar changed. */
  tokenEpoch: number;
}

export interface User {
  email: string;
  listSeq: number;
  listEpoch: number;
  entries: Map<string, CalendarListEntry>;
}
