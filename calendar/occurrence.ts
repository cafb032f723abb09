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
  busy: boolean;
  eventType: string;
}
