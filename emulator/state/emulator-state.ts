import { EventEmitter } from 'node:events';
import { MailBook } from '../mail/mail-book.ts';
import { CalendarStore, type CalendarMeta } from './calendar-store.ts';
import { defaultKnobs, type Knobs } from './knobs.ts';
import { createRandom, type Random } from './random.ts';
import type { AccessRole, CalendarListEntry, User } from './types.ts';

export const DEFAULT_CLIENT_ID = 'almanac-dev';
const DEFAULT_CLIENT_SECRET = 'almanac-dev-secret';
export const DEFAULT_TIME_ZONE = 'UTC';

/** A consent a user gave to a client; `refreshToken` is its handle. */
export interface Grant {
  refreshToken: string;
  email: string;
  clientId: string;
  scopes: string[];
  revoked: boolean;
}

/** `changed` fires with the calendar after a commit, `dirty` after anything that should be saved. */
interface StateEvents {
  changed: [CalendarStore];
  dirty: [];
}

/** State of the emulator, except access tokens, channels and faults, which end with the process. */
export class EmulatorState extends EventEmitter<StateEvents> {
  readonly users = new Map<string, User>();
  readonly calendars = new Map<string, CalendarStore>();
  readonly grants = new Map<string, Grant>();
  readonly clients = new Map([[DEFAULT_CLIENT_ID, DEFAULT_CLIENT_SECRET]]);
  readonly mails = new MailBook();
  readonly now: () => Date;
  knobs: Knobs = defaultKnobs();
  random: Random;
  readonly seed: number;
  /** Offset of the clock, in milliseconds. */
  clockOffsetMs = 0;
  /** Part of every generated ID, so that a restarted emulator does not repeat IDs. */
  idCounter = 0;

  constructor(seed: number, now: () => Date) {
    super();
    this.seed = seed;
    this.now = () => new Date(now().getTime() + this.clockOffsetMs);
    this.random = createRandom(seed);
  }

  nowMs(): number {
    return this.now().getTime();
  }

  /** A new event or calendar ID, base32hex. */
  newId(): string {
    this.idCounter += 1;
    return `${this.idCounter.toString(32).padStart(6, '0')}${this.random.id(20)}`;
  }

  addUser(email: string): User {
    const user: User = { email, listSeq: 0, listEpoch: 0, entries: new Map() };
    this.users.set(email, user);
    return user;
  }

  addCalendar(meta: CalendarMeta): CalendarStore {
    const store = new CalendarStore(meta);
    store.updatedMs = this.nowMs();
    this.calendars.set(meta.id, store);
    return store;
  }

  /** Adds a calendar to a user's list, or changes its entry there. */
  setEntry(user: User, calendarId: string, change: Partial<CalendarListEntry>): CalendarListEntry {
    const former = user.entries.get(calendarId);
    user.listSeq += 1;
    const entry: CalendarListEntry = {
      calendarId,
      accessRole: 'owner',
      tokenEpoch: 0,
      ...former,
      ...change,
      seq: user.listSeq,
    };
    user.entries.set(calendarId, entry);
    this.emit('dirty');
    return entry;
  }

  /**
   * Changes a role without touching the list's change log, and voids the user's sync tokens of that calendar.
   */
  setRole(user: User, calendarId: string, accessRole: AccessRole): void {
    const entry = user.entries.get(calendarId);
    if (!entry || entry.deleted) {
      this.setEntry(user, calendarId, {
        accessRole,
        deleted: false,
        tokenEpoch: (entry?.tokenEpoch ?? 0) + 1,
      });
      return;
    }
    user.entries.set(calendarId, { ...entry, accessRole, tokenEpoch: entry.tokenEpoch + 1 });
    this.emit('dirty');
  }

  /** The calendar and the caller's entry for it; undefined where the caller has no access. */
  access(email: string, calendarId: string): { store: CalendarStore; entry: CalendarListEntry } | undefined {
    const id = calendarId === 'primary' ? email : calendarId;
    const store = this.calendars.get(id);
    const entry = this.users.get(email)?.entries.get(id);
    if (!store || store.removed || !entry || entry.deleted) return undefined;
    return { store, entry };
  }

  /** To be called once after one or more commits to a calendar. */
  notifyChanged(store: CalendarStore): void {
    this.emit('changed', store);
    this.emit('dirty');
  }

  clear(): void {
    this.users.clear();
    this.calendars.clear();
    this.grants.clear();
    this.mails.clear();
    this.knobs = defaultKnobs();
    this.random = createRandom(this.seed);
    this.idCounter = 0;
    this.clockOffsetMs = 0;
    this.emit('dirty');
  }
}
