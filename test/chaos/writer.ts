import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { createEventWriteClient, type EventWriteClient } from '../../client/event-writes.ts';
import { FailureType } from '../../contracts/failure-types.ts';
import type { SeriesScope, WriteOperation } from '../../contracts/writing.ts';
import { DomainError } from '../../services/errors.ts';
import { beginWrites } from '../../services/writing/begin-writes.ts';
import { readWrites, type WriteOutcome } from '../../services/writing/read-writes.ts';
import { CANARY } from './canary.ts';
import { checkWrites, numberOf, readFacts, type WriteError } from './check-writes.ts';
import type { Dice } from './dice.ts';
import type { ChaosStack } from './stack.ts';
import type { Tally } from './tally.ts';
import {
  type JournalEntry,
  mailsIfTold,
  mailsOf,
  type MailCounts,
  type OwnedEvent,
  type Told,
} from './write-journal.ts';

type WriteInput = Parameters<typeof beginWrites>[2][number];

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;
/** Each event has starts of its own, so that its occurrences are known by them. */
const APART_MS = 30_000;
const SERIES_DAYS = 6;
const MOST_IN_BATCH = 12;
/** How long a caller waits for an answer before it repeats its request. */
const PATIENCE_MS = [300, 6_000] as const;
const PAUSE_MS = 250;
/** After the end of the chaos, requests without an answer are repeated in the quiet. */
const LONGEST_REQUEST_MS = 3 * MINUTE_MS;

interface Planned {
  event: OwnedEvent;
  input: WriteInput;
  operation: WriteOperation;
  series: SeriesScope | null;
  mails: MailCounts;
  /** Brings the model to where it is after the write. */
  apply: () => void;
}

/** Whose writes they are. */
export interface Writers {
  workspaceId: string;
  /** Nobody else edits what is in them. */
  calendars: readonly string[];
  connectAgain: () => Promise<void>;
}

/** What was compared, and what was found. */
export interface Written {
  writes: number;
  occurrences: number;
  mails: number;
  errors: WriteError[];
}

export function sumOf(parts: readonly Written[]): Written {
  const sum = (count: (part: Written) => number) => parts.reduce((total, part) => total + count(part), 0);
  return {
    writes: sum(({ writes }) => writes),
    occurrences: sum(({ occurrences }) => occurrences),
    mails: sum(({ mails }) => mails),
    errors: parts.flatMap(({ errors }) => errors),
  };
}

interface Request {
  id: string;
  planned: Planned[];
}

/**
 * Callers that write events through Almanac, as products do: one after the other or many at once, and again
 * with the same request ID when no answer came. Nobody else edits their events.
 */
export class Writer {
  readonly errors: WriteError[] = [];
  readonly journal: JournalEntry[] = [];
  private readonly events: OwnedEvent[] = [];
  private readonly busy = new Set<OwnedEvent>();
  private readonly untold: Request[] = [];
  private readonly client: EventWriteClient;
  private readonly stack: ChaosStack;
  private readonly workspaceId: string;
  private readonly calendars: readonly string[];
  private readonly connectAgain: () => Promise<void>;
  private readonly dice: Dice;
  private readonly tally: Tally;
  private readonly firstStartMs = Math.floor(Date.now() / DAY_MS + 2) * DAY_MS;
  private made = 0;
  private titles = 0;

  constructor(
    stack: ChaosStack,
    { workspaceId, calendars, connectAgain }: Writers,
    dice: Dice,
    tally: Tally,
  ) {
    this.client = createEventWriteClient(stack.temporal);
    this.stack = stack;
    this.workspaceId = workspaceId;
    this.calendars = calendars;
    this.connectAgain = connectAgain;
    this.dice = dice;
    this.tally = tally;
  }

  private readonly plans: { weight: number; plan: () => Promise<Planned | null> }[] = [
    { weight: 6, plan: () => this.planCreation(1) },
    { weight: 2, plan: () => this.planCreation(SERIES_DAYS) },
    { weight: 8, plan: () => this.planChange() },
    { weight: 4, plan: () => this.planDeletion() },
    { weight: 2, plan: () => this.planAnswer() },
    { weight: 2, plan: () => this.planMove() },
  ];

  /** One request, with one write or several, until its caller knows what has become of it. */
  async write(stop: AbortSignal): Promise<void> {
    const wanted = this.dice.chance(0.25) ? this.dice.between(2, MOST_IN_BATCH) : 1;
    const planned: Planned[] = [];
    for (let count = 0; count < wanted; count += 1) {
      // Postgres is away at times.
      const one = await this.dice
        .weighted(this.plans)
        .plan()
        .catch(() => null);
      if (one !== null) planned.push(one);
    }
    if (planned.length === 0) return;
    await this.ask({ id: randomUUID(), planned }, stop);
  }

  /** Repeats the requests that are without an answer. */
  async finish(): Promise<void> {
    for (const request of this.untold.splice(0)) await this.ask(request, new AbortController().signal);
  }

  /** Holds Google, its mails and the journal of writes against what callers were told. */
  async compare(): Promise<Written> {
    const { database, google } = this.stack;
    const facts = await readFacts(google, this.calendars);
    const errors = [...this.errors, ...checkWrites(this.events, this.journal, facts)];
    const pending = await database.eventWrite.count({
      where: { workspaceId: this.workspaceId, status: { in: ['pending', 'sent'] } },
    });
    if (pending > 0) errors.push({ guest: '-', why: `${pending} writes are left unfinished` });
    const guests = new Set(this.events.map(({ guest }) => guest));
    return {
      writes: this.journal.length,
      occurrences: facts.occurrences.length,
      mails: facts.mails.filter(({ to }) => guests.has(to)).length,
      errors,
    };
  }

  private async ask(request: Request, stop: AbortSignal): Promise<void> {
    const { planned, id: requestId } = request;
    const writes = planned.map(({ input }) => input);
    const deadline = Date.now() + LONGEST_REQUEST_MS;
    for (let attempt = 1; !(stop.aborted && attempt > 1) && Date.now() < deadline; attempt += 1) {
      if (attempt > 1) this.tally.add('request repeated');
      const outcomes = await this.tryOnce(requestId, writes);
      if (outcomes === 'not begun') {
        this.tally.add('not permitted', planned.length);
        for (const { event } of planned) this.release(event);
        await this.connectAgain();
        return;
      }
      if (outcomes !== null) {
        this.note(planned, outcomes);
        if (outcomes.some(({ error }) => error === FailureType.googleAuthRevoked)) await this.connectAgain();
        return;
      }
      await sleep(PAUSE_MS);
    }
    this.untold.push(request);
  }

  /** Null: the caller has no answer, and does not know why. */
  private async tryOnce(
    requestId: string,
    writes: WriteInput[],
  ): Promise<WriteOutcome[] | 'not begun' | null> {
    const { database, temporal } = this.stack;
    const { workspaceId } = this;
    try {
      const batchId = await beginWrites(database, workspaceId, writes, { requestId });
      const patienceMs = this.dice.between(...PATIENCE_MS);
      await temporal.withDeadline(Date.now() + patienceMs, () =>
        this.client.makeWrites({ workspaceId, batchId }),
      );
      const outcomes = await readWrites(database, workspaceId, batchId);
      return outcomes.some(({ status }) => status === 'pending' || status === 'sent') ? null : outcomes;
    } catch (error) {
      return error instanceof DomainError ? 'not begun' : null;
    }
  }

  private note(planned: readonly Planned[], outcomes: readonly WriteOutcome[]): void {
    for (const [position, one] of planned.entries()) {
      const { event, operation, series, mails, apply } = one;
      const { status = 'failed', refusal, reason, error } = outcomes[position] ?? {};
      const told = status as Told;
      const why = refusal ?? error ?? reason;
      this.tally.add(`${operation} ${told}${why === undefined ? '' : ` (${why})`}`);
      this.journal.push({
        guest: event.guest,
        operation,
        series,
        told,
        mails: mailsIfTold(mails, told),
      });
      if (told === 'done') apply();
      if (told === 'failed') event.isUncertain = true;
      // Nobody else changes these events.
      if (refusal !== undefined && refusal !== 'forbidden' && refusal !== 'rejected')
        this.errors.push({ guest: numberOf(event.guest), why: `${operation} was refused as ${refusal}` });
      this.release(event);
    }
  }

  private release(event: OwnedEvent): void {
    this.busy.delete(event);
  }

  private title(): string {
    this.titles += 1;
    return `${CANARY} write ${this.titles}`;
  }

  private tells(): boolean {
    return this.dice.chance(0.8);
  }

  /** An event that no request is about. */
  private take(fits: (event: OwnedEvent) => boolean): OwnedEvent | null {
    const free = this.events.filter(
      (event) => !this.busy.has(event) && !event.isUncertain && liveOf(event).length > 0 && fits(event),
    );
    if (free.length === 0) return null;
    const event = this.dice.pick(free);
    this.busy.add(event);
    return event;
  }

  private async calendarId(calendar: string): Promise<string | null> {
    const row = await this.stack.database.calendar.findFirst({
      where: { workspaceId: this.workspaceId, googleCalendarId: calendar, status: 'active' },
    });
    return row?.id ?? null;
  }

  /**
   * The occurrences of an event as the mirror shows them, by their starts. They are what callers were told, at
   * any time.
   */
  private async look(event: OwnedEvent): Promise<Map<string, string> | null> {
    const calendarId = await this.calendarId(event.calendar);
    if (calendarId === null) return null;
    const shown = await this.stack.database.workspaceCalendarEvent.findMany({
      where: { calendarId, startAt: { in: [...event.occurrences.keys()] } },
      select: { id: true, startAt: true, title: true },
    });
    const titles = new Map(shown.map(({ startAt, title }) => [startAt!.toISOString(), title]));
    for (const [start, title] of event.occurrences) {
      if ((titles.get(start) ?? null) === title) continue;
      const how = titles.has(start) ? 'with another title' : 'not';
      this.errors.push({
        guest: numberOf(event.guest),
        why: `a reader of its own writes sees the one at ${start} ${how}`,
      });
    }
    return new Map(shown.map(({ id, startAt }) => [startAt!.toISOString(), id]));
  }

  private async planCreation(days: number): Promise<Planned | null> {
    const calendar = this.dice.pick(this.calendars);
    const calendarId = await this.calendarId(calendar);
    if (calendarId === null) return null;
    this.made += 1;
    const startMs = this.firstStartMs + this.made * APART_MS;
    const starts = Array.from({ length: days }, (_, day) => new Date(startMs + day * DAY_MS).toISOString());
    const guest = `${CANARY}-${this.workspaceId}-${this.made}@example.org`;
    const [title, tells, isInvited] = [this.title(), this.tells(), days === 1 && this.dice.chance(0.3)];
    const event: OwnedEvent = {
      calendar,
      guest,
      occurrences: new Map(starts.map((start) => [start, null])),
      exceptions: new Set(),
      response: null,
      isUncertain: false,
      isInvited,
    };
    this.events.push(event);
    this.busy.add(event);
    const input: WriteInput = {
      operation: 'create',
      calendarId,
      title,
      start: instant(startMs),
      end: instant(startMs + APART_MS),
      timeZone: 'UTC',
      attendees: [{ email: guest }, ...(isInvited ? [{ email: calendar }] : [])],
      ...(days > 1 && { recurrence: [`RRULE:FREQ=DAILY;COUNT=${days}`] }),
      sendUpdates: tells ? 'all' : 'none',
    };
    const mails = mailsOf('create', null, true, tells);
    const apply = () => starts.forEach((start) => event.occurrences.set(start, title));
    return { event, input, operation: 'create', series: null, mails, apply };
  }

  /** What a write of an existing event is about. */
  private async aim(fits: (event: OwnedEvent) => boolean) {
    const event = this.take(fits);
    if (event === null) return null;
    const shown = await this.look(event).catch(() => null);
    const isSeries = event.occurrences.size > 1;
    const series = isSeries ? this.dice.pick(['this', 'following', 'all'] as const) : null;
    const live = liveOf(event);
    const start = this.dice.pick(live);
    const isFirst = start === [...event.occurrences.keys()][0];
    const eventId = shown?.get(start);
    // Whether a deleted occurrence still begins its series is a matter of taste.
    const isOpen = series === 'following' && !isFirst && start === live[0];
    if (eventId === undefined || isOpen) {
      this.release(event);
      return null;
    }
    const ifMatch = isSeries || this.dice.chance(0.8) ? undefined : await this.etagOf(eventId);
    const settings = { ...(series !== null && { series }), ...(ifMatch !== undefined && { ifMatch }) };
    return { event, series, start, isFirst, eventId, settings };
  }

  private async etagOf(eventId: string): Promise<string | undefined> {
    const { database } = this.stack;
    const shown = await database.workspaceCalendarEvent
      .findUnique({ where: { id: eventId } })
      .catch(() => null);
    if (shown === null) return undefined;
    const { calendarId, googleEventId } = shown;
    const row = await database.calendarEvent
      .findFirst({ where: { calendarId, googleEventId } })
      .catch(() => null);
    return row?.etag ?? undefined;
  }

  private async planChange(): Promise<Planned | null> {
    const aim = await this.aim(() => true);
    if (aim === null) return null;
    const { event, series, start, isFirst, eventId, settings } = aim;
    const [title, tells] = [this.title(), this.tells()];
    const input: WriteInput = {
      operation: 'change',
      eventId,
      title,
      ...settings,
      sendUpdates: tells ? 'all' : 'none',
    };
    const apply = () => {
      if (series === null || series === 'this') {
        event.occurrences.set(start, title);
        if (series !== null) event.exceptions.add(start);
        return;
      }
      const whole = series === 'following' && !isFirst ? this.splitOff(event, start) : event;
      for (const [at, former] of whole.occurrences) {
        if (former !== null && !whole.exceptions.has(at)) whole.occurrences.set(at, title);
      }
    };
    return {
      event,
      input,
      operation: 'change',
      series,
      mails: mailsOf('change', series, isFirst, tells),
      apply,
    };
  }

  /** A series that is changed from an occurrence on goes on as another one. */
  private splitOff(event: OwnedEvent, from: string): OwnedEvent {
    const moved = [...event.occurrences].filter(([start]) => start >= from);
    const tail: OwnedEvent = { ...event, occurrences: new Map(moved), exceptions: new Set() };
    for (const [start] of moved) {
      event.occurrences.delete(start);
      // The occurrence itself is changed, whatever had been changed of it before.
      if (event.exceptions.delete(start) && start !== from) tail.exceptions.add(start);
    }
    this.events.push(tail);
    return tail;
  }

  private async planDeletion(): Promise<Planned | null> {
    const aim = await this.aim(() => true);
    if (aim === null) return null;
    const { event, series, start, isFirst, eventId, settings } = aim;
    const tells = this.tells();
    const input: WriteInput = {
      operation: 'delete',
      eventId,
      ...settings,
      sendUpdates: tells ? 'all' : 'none',
    };
    const apply = () => {
      for (const at of event.occurrences.keys()) {
        const isMeant =
          series === 'all' || at === start || (series === 'following' && (isFirst || at >= start));
        if (isMeant) event.occurrences.set(at, null);
      }
    };
    return {
      event,
      input,
      operation: 'delete',
      series,
      mails: mailsOf('delete', series, isFirst, tells),
      apply,
    };
  }

  private async planAnswer(): Promise<Planned | null> {
    const aim = await this.aim(({ isInvited }) => isInvited);
    if (aim === null) return null;
    const { event, eventId } = aim;
    const response = this.dice.pick(['accepted', 'declined', 'tentative'] as const);
    const input: WriteInput = { operation: 'answer', eventId, response, sendUpdates: 'all' };
    const apply = () => {
      event.response = response;
    };
    return { event, input, operation: 'answer', series: null, mails: {}, apply };
  }

  private async planMove(): Promise<Planned | null> {
    const aim = await this.aim(({ isInvited, occurrences }) => !isInvited && occurrences.size === 1);
    if (aim === null) return null;
    const { event, start, eventId } = aim;
    const calendar = this.calendars.find((one) => one !== event.calendar) ?? event.calendar;
    const calendarId = await this.calendarId(calendar).catch(() => null);
    if (calendarId === null) {
      this.release(event);
      return null;
    }
    const title = this.title();
    const input: WriteInput = { operation: 'change', eventId, title, calendarId };
    const apply = () => {
      event.occurrences.set(start, title);
      event.calendar = calendar;
    };
    return { event, input, operation: 'change', series: null, mails: {}, apply };
  }
}

const instant = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');

/** Starts of the occurrences that are there. */
function liveOf({ occurrences }: OwnedEvent): string[] {
  return [...occurrences].flatMap(([start, title]) => (title === null ? [] : [start]));
}
