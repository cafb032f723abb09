import { Temporal } from 'temporal-polyfill';
import type { EmulatorAdmin, EventBody, EventResource } from '../../emulator/admin.ts';

/** A small, seeded generator (mulberry32): the same seed makes the same edits everywhere. */
export function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const ZONES = ['Europe/Berlin', 'America/New_York', 'Asia/Tokyo', 'Australia/Lord_Howe', 'UTC'];
const RULES = [
  'RRULE:FREQ=DAILY;COUNT=9',
  'RRULE:FREQ=WEEKLY;BYDAY=MO,WE;UNTIL=20290301T000000Z',
  'RRULE:FREQ=WEEKLY;INTERVAL=2',
  'RRULE:FREQ=MONTHLY;BYDAY=-1FR',
  'RRULE:FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=6',
  'RRULE:FREQ=YEARLY',
];
/** Further fields of some events: people, a conference, reminders, properties, attachments. */
const RICHES: readonly EventBody[] = [
  {},
  {},
  {
    attendees: [
      { email: 'guest@example.com', displayName: 'A guest', responseStatus: 'accepted', comment: 'Gladly' },
      { email: 'other@example.com', optional: true },
    ],
    guestsCanModify: true,
  },
  {
    conferenceData: { createRequest: { requestId: 'meeting' } },
    attachments: [{ title: 'Notes', fileUrl: 'https://drive.example.com/notes', mimeType: 'text/plain' }],
    reminders: { useDefault: false, overrides: [{ method: 'email', minutes: 30 }] },
  },
  {
    visibility: 'private',
    extendedProperties: { private: { app: 'editor' }, shared: { project: 'engine' } },
    source: { title: 'Ticket', url: 'https://tickets.example.com/1' },
  },
];
const DAY_MS = 86_400_000;
const HALF_HOUR_MS = 1_800_000;
const CLOCK_CHANGE_SHARE = 0.05;

/** A PATCH merges: the other form of a time has to be taken away. */
function dateOf(ms: number): EventBody {
  return { date: new Date(ms).toISOString().slice(0, 10), dateTime: null, timeZone: null };
}

export type EventEdit =
  | 'insert'
  | 'insertSeries'
  | 'change'
  | 'move'
  | 'editOccurrence'
  | 'cancelOccurrence'
  | 'split'
  | 'changeRule'
  | 'remove'
  | 'restore';

const EDITS: readonly EventEdit[] = [
  'insert',
  'insert',
  'insertSeries',
  'change',
  'move',
  'editOccurrence',
  'cancelOccurrence',
  'split',
  'changeRule',
  'remove',
  'restore',
];

export interface EditorHabits {
  /** Begins every title. */
  title?: string;
  /** Fields of every new event besides title and time. */
  details?: EventBody;
  /** Events that are never touched. */
  spares?: (eventId: string) => boolean;
}

/** Edits a calendar in every way that Google's interface has. */
export class RandomEditor {
  edits = 0;
  private readonly google: EmulatorAdmin;
  private readonly calendarId: string;
  private readonly random: () => number;
  private readonly habits: EditorHabits;
  private readonly deleted: string[] = [];

  constructor(google: EmulatorAdmin, calendarId: string, random: () => number, habits: EditorHabits = {}) {
    this.google = google;
    this.calendarId = calendarId;
    this.random = random;
    this.habits = habits;
  }

  /** One edit, named; null where there was nothing to make it on. */
  async edit(): Promise<EventEdit | null> {
    const edit = this.pick(EDITS);
    this.edits += 1;
    return (await this[edit]()) ? edit : null;
  }

  private pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  /**
   * A moment within ten months around now, on a half hour, as an event's start and end. Some are beside a
   * change of the zone's clocks, where an hour comes twice or not at all.
   */
  private time(): EventBody {
    let startMs =
      Math.floor((Date.now() + (this.random() - 0.3) * 300 * DAY_MS) / HALF_HOUR_MS) * HALF_HOUR_MS;
    if (this.random() < 0.25) {
      return { start: dateOf(startMs), end: dateOf(startMs + DAY_MS * (1 + Math.floor(this.random() * 3))) };
    }
    const timeZone = this.pick(ZONES);
    const change =
      this.random() < CLOCK_CHANGE_SHARE
        ? Temporal.Instant.fromEpochMilliseconds(startMs)
            .toZonedDateTimeISO(timeZone)
            .getTimeZoneTransition('next')
        : null;
    if (change) startMs = change.epochMilliseconds + Math.floor((this.random() - 0.5) * 10) * HALF_HOUR_MS;
    const moment = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone, date: null });
    return {
      start: moment(startMs),
      end: moment(startMs + HALF_HOUR_MS * (1 + Math.floor(this.random() * 5))),
    };
  }

  private title(): string {
    return `${this.habits.title ?? 'Edit'} ${Math.floor(this.random() * 1e6)}`;
  }

  private isSpared(eventId: string): boolean {
    return this.habits.spares?.(eventId) ?? false;
  }

  private async some(kind: (event: EventResource) => boolean): Promise<EventResource | undefined> {
    const listed = await this.google.listEvents(this.calendarId);
    const events = listed.filter((event) => !this.isSpared(event.id) && kind(event));
    return events.length === 0 ? undefined : this.pick(events);
  }

  private async occurrence(): Promise<EventResource | undefined> {
    const [from, to] = [-80, 200].map((days) => new Date(Date.now() + days * DAY_MS).toISOString());
    const occurrences = await this.google.listOccurrences(this.calendarId, from as string, to as string);
    const recurring = occurrences.filter(
      ({ recurringEventId }) => recurringEventId && !this.isSpared(recurringEventId),
    );
    return recurring.length === 0 ? undefined : this.pick(recurring);
  }

  private async insert(): Promise<boolean> {
    const transparency = this.pick(['opaque', 'transparent']);
    const { details } = this.habits;
    const event = { ...this.pick(RICHES), ...details, summary: this.title(), transparency, ...this.time() };
    await this.google.insertEvent(this.calendarId, event);
    return true;
  }

  private async insertSeries(): Promise<boolean> {
    const recurrence = [this.pick(RULES)];
    const { details } = this.habits;
    const series = { ...this.pick(RICHES), ...details, summary: this.title(), recurrence, ...this.time() };
    await this.google.insertEvent(this.calendarId, series);
    return true;
  }

  private async change(): Promise<boolean> {
    const event = await this.some(({ status }) => status !== 'cancelled');
    if (event) await this.google.patchEvent(this.calendarId, event.id, { summary: this.title() });
    return event !== undefined;
  }

  private async move(): Promise<boolean> {
    const event = await this.some(({ status, recurrence }) => status !== 'cancelled' && !recurrence);
    if (event) await this.google.patchEvent(this.calendarId, event.id, this.time());
    return event !== undefined;
  }

  private async editOccurrence(): Promise<boolean> {
    const occurrence = await this.occurrence();
    if (!occurrence) return false;
    const patch = this.random() < 0.5 ? { ...this.pick(RICHES), summary: this.title() } : this.time();
    await this.google.patchEvent(this.calendarId, occurrence.id, patch);
    return true;
  }

  private async cancelOccurrence(): Promise<boolean> {
    const occurrence = await this.occurrence();
    if (occurrence) await this.google.deleteEvent(this.calendarId, occurrence.id);
    return occurrence !== undefined;
  }

  private async split(): Promise<boolean> {
    const occurrence = await this.occurrence();
    const start = occurrence?.originalStartTime;
    const at = start?.dateTime ?? start?.date;
    if (!occurrence || !at) return false;
    const series = await this.some(({ id }) => id === occurrence.recurringEventId);
    const first = series?.start;
    if (!series || new Date(first?.dateTime ?? first?.date ?? 0) >= new Date(at)) return false;
    await this.google.splitSeries(this.calendarId, series.id, at, { summary: this.title() });
    return true;
  }

  private async changeRule(): Promise<boolean> {
    const series = await this.some(({ recurrence, status }) => Boolean(recurrence) && status !== 'cancelled');
    if (series) await this.google.patchEvent(this.calendarId, series.id, { recurrence: [this.pick(RULES)] });
    return series !== undefined;
  }

  private async remove(): Promise<boolean> {
    const event = await this.some(
      ({ status, recurringEventId }) => status !== 'cancelled' && !recurringEventId,
    );
    if (!event) return false;
    await this.google.deleteEvent(this.calendarId, event.id);
    this.deleted.push(event.id);
    return true;
  }

  private async restore(): Promise<boolean> {
    const id = this.deleted.pop();
    if (id) await this.google.undeleteEvent(this.calendarId, id);
    return id !== undefined;
  }
}
