import type { BusyTrait } from './busy.ts';
import type { EventTime } from './event-time.ts';

/** One occurrence of an event, as `workspace_calendar_events` stores it. */
export interface Occurrence {
  /**
   * Stable within a calendar: the event's ID, or for an occurrence of a series `{seriesId}_{original start}`
   * with the start in UTC (`20260105T090000Z`) or as a date (`20260105`). Moving an occurrence does not
   * change its key.
   */
  key: string;
  /** ID of the item it shows: the exception's for a changed occurrence, the series' for a plain one. */
  googleEventId: string;
  /** ID of the single event or series. All occurrences with one `sourceEventId` are replaced together. */
  sourceEventId: string;
  /** Identifies the occurrence within its series; null for a single event. */
  originalStart: EventTime | null;
  start: EventTime;
  /** Exclusive. */
  end: EventTime;
  allDay: boolean;
  title: string | null;
  status: 'confirmed' | 'tentative';
  /** Traits that decide whether it takes up time. */
  traits: readonly BusyTrait[];
  eventType: string;
}

/**
 * Occurrences that a series has by its rules: up to a thousand, which differ only in their start, and their
 * start is their `originalStart`. Occurrences of another duration, which an `RDATE` can give, form a separate
 * record.
 */
export interface PlainOccurrences extends Pick<
  Occurrence,
  'sourceEventId' | 'allDay' | 'title' | 'status' | 'traits' | 'eventType'
> {
  /** Starts in order; for an all-day series, the midnights in UTC of its dates. */
  startsMs: number[];
  durationMs: number;
}

/** Occurrences of some events for the read model. */
export interface Expansion {
  plain: PlainOccurrences[];
  /** Occurrences of single events and of exceptions, each with its own fields. */
  own: Occurrence[];
  /** IDs of series that are too costly to expand: only their first occurrence and their exceptions show. */
  tooCostly: string[];
}
