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
const DAY_MS = 86_400_000;

/** A PATCH merges: the other form of a time has to be taken away. */
function dateOf(ms: number): EventBody {
  return { date: new Date(ms).toISOString().slice(0, 10), dateTime: null, timeZone: null };
}

/** Somebody who edits a calendar all day long, in every way that Google's interface has. */
export class RandomEditor {
  edits = 0;
  private readonly google: EmulatorAdmin;
  private readonly calendarId: string;
  private readonly random: () => number;
  private readonly deleted: string[] = [];

  constructor(google: EmulatorAdmin, calendarId: string, random: () => number) {
    this.google = google;
    this.calendarId = calendarId;
    this.random = random;
  }

  /** One edit. What Google refuses (an occurrence that is not there any more) is no edit. */
  async edit(): Promise<void> {
    const edit = this.pick([
      this.insert,
      this.insert,
      this.insertSeries,
      this.change,
      this.move,
      this.editOccurrence,
      this.cancelOccurrence,
      this.split,
      this.changeRule,
      this.remove,
      this.restore,
    ]);
    const before = this.edits;
    await edit.call(this);
    this.edits = before + 1;
  }

  private pick<T>(values: readonly T[]): T {
    return values[Math.floor(this.random() * values.length)] as T;
  }

  /** A moment within ten months around now, on a half hour, as an event's start and end. */
  private time(): EventBody {
    const startMs = Math.floor((Date.now() + (this.random() - 0.3) * 300 * DAY_MS) / 1_800_000) * 1_800_000;
    if (this.random() < 0.25) {
      return { start: dateOf(startMs), end: dateOf(startMs + DAY_MS * (1 + Math.floor(this.random() * 3))) };
    }
    const timeZone = this.pick(ZONES);
    const moment = (ms: number) => ({ dateTime: new Date(ms).toISOString(), timeZone, date: null });
    return { start: moment(startMs), end: moment(startMs + 1_800_000 * (1 + Math.floor(this.random() * 5))) };
  }

  private title(): string {
    return `Edit ${Math.floor(this.random() * 1e6)}`;
  }

  private async some(kind: (event: EventResource) => boolean): Promise<EventResource | undefined> {
    const events = (await this.google.listEvents(this.calendarId)).filter(kind);
    return events.length === 0 ? undefined : this.pick(events);
  }

  private async occurrence(): Promise<EventResource | undefined> {
    const [from, to] = [-80, 200].map((days) => new Date(Date.now() + days * DAY_MS).toISOString());
    const occurrences = await this.google.listOccurrences(this.calendarId, from as string, to as string);
    const recurring = occurrences.filter(({ recurringEventId }) => recurringEventId);
    return recurring.length === 0 ? undefined : this.pick(recurring);
  }

  private async insert(): Promise<void> {
    const transparency = this.pick(['opaque', 'transparent']);
    await this.google.insertEvent(this.calendarId, { summary: this.title(), transparency, ...this.time() });
  }

  private async insertSeries(): Promise<void> {
    const recurrence = [this.pick(RULES)];
    await this.google.insertEvent(this.calendarId, { summary: this.title(), recurrence, ...this.time() });
  }

  private async change(): Promise<void> {
    const event = await this.some(({ status }) => status !== 'cancelled');
    if (event) await this.google.patchEvent(this.calendarId, event.id, { summary: this.title() });
  }

  private async move(): Promise<void> {
    const event = await this.some(({ status, recurrence }) => status !== 'cancelled' && !recurrence);
    if (event) await this.google.patchEvent(this.calendarId, event.id, this.time());
  }

  private async editOccurrence(): Promise<void> {
    const occurrence = await this.occurrence();
    if (!occurrence) return;
    const patch = this.random() < 0.5 ? { summary: this.title() } : this.time();
    await this.google.patchEvent(this.calendarId, occurrence.id, patch);
  }

  private async cancelOccurrence(): Promise<void> {
    const occurrence = await this.occurrence();
    if (occurrence) await this.google.deleteEvent(this.calendarId, occurrence.id);
  }

  private async split(): Promise<void> {
    const occurrence = await this.occurrence();
    const start = occurrence?.originalStartTime;
    const at = start?.dateTime ?? start?.date;
    if (!occurrence || !at) return;
    const series = await this.some(({ id }) => id === occurrence.recurringEventId);
    const first = series?.start;
    if (!series || new Date(first?.dateTime ?? first?.date ?? 0) >= new Date(at)) return;
    await this.google.splitSeries(this.calendarId, series.id, at, { summary: this.title() });
  }

  private async changeRule(): Promise<void> {
    const series = await this.some(({ recurrence, status }) => Boolean(recurrence) && status !== 'cancelled');
    if (series) await this.google.patchEvent(this.calendarId, series.id, { recurrence: [this.pick(RULES)] });
  }

  private async remove(): Promise<void> {
    const event = await this.some(
      ({ status, recurringEventId }) => status !== 'cancelled' && !recurringEventId,
    );
    if (!event) return;
    await this.google.deleteEvent(this.calendarId, event.id);
    this.deleted.push(event.id);
  }

  private async restore(): Promise<void> {
    const id = this.deleted.pop();
    if (id) await this.google.undeleteEvent(this.calendarId, id);
  }
}
