import type { BusyTrait } from './busy.ts';
import type { EventTime } from './event-time.ts';

/** One appearance of an event in the calendar: what `workspace_calendar_events` holds. */
export interface Occurrence {
  /**
   * Stable within a calendar: the event's ID, or for an occurrence of a series `{seriesId}_{original start}` with the
   * start in UTC (`20260105T090000Z`) or as a date (`20260105`). Moving an occurrence does not change its key.
   */
  key: string;
  /** The item's own ID: an exception's for a changed occurrence, the series' for a plain one. */
  googleEventId: string;
  /** The single event or the series. All occurrences with one `sourceEventId` are replaced together. */
  sourceEventId: string;
  /** Names the occurrence within its series; null for a single event. */
  originalStart: EventTime | null;
  start: EventTime;
  /** Exclusive. */
  end: EventTime;
  allDay: boolean;
  title: string | null;
  status: 'confirmed' | 'tentative';
  /** What decides whether it takes up time: see {@link BusyTrait}. */
  traits: readonly BusyTrait[];
  eventType: string;
}

/**
 * What a series shows by its rules: as many as a thousand occurrences, which differ in nothing but when they are. Each
 * is where its rule puts it, and that names it. Those that do not last as long as the others, as an `RDATE` can say,
 * are in a record of their own.
 */
export interface PlainOccurrences extends Pick<
  Occurrence,
  'sourceEventId' | 'allDay' | 'title' | 'status' | 'traits' | 'eventType'
> {
  /** In order; of an all-day series, the midnights in UTC that stand for its dates. */
  startsMs: number[];
  durationMs: number;
}

/** What the read model has of some events. */
export interface Expansion {
  plain: PlainOccurrences[];
  /** Of single events and of exceptions: nothing of one follows from another. */
  own: Occurrence[];
  /** Series that would cost too much: of what their rules name, only the first occurrence is shown. */
  tooCostly: string[];
}
