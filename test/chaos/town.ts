import { addAccount } from '../../services/accounts/accounts.ts';
import { changeWorkspace, createWorkspace } from '../../services/workspaces.ts';
import { CANARY } from './canary.ts';
import type { Dice } from './dice.ts';
import { plantSentinels } from './sentinels.ts';
import type { ChaosStack } from './stack.ts';
import type { Writers } from './writer.ts';

const ZONES = ['Europe/Berlin', 'America/New_York', 'Australia/Lord_Howe', 'Asia/Kolkata', 'UTC'];
const EVENTS_PER_CALENDAR = 60;
const WRITERS_CALENDARS = 2;
/** Calendars without sentinels may become empty. */
const SENTINEL_SHARE = 0.7;

/** A Google user whose account is connected to a workspace. */
export interface Citizen {
  workspaceId: string;
  email: string;
  refreshToken: string;
  /** They have taken their consent back. Almanac learns of it when it asks for something. */
  revoked: boolean;
}

/** A Google calendar. */
export interface TownCalendar {
  id: string;
  owner: Citizen;
  /** Those who have it in their lists. */
  readers: Set<Citizen>;
  removed: boolean;
  /** Whether it holds events that are never edited. */
  guarded: boolean;
}

/** The people, workspaces and calendars that there are. */
export class Town {
  readonly citizens: Citizen[] = [];
  readonly calendars: TownCalendar[] = [];
  readonly workspaceIds: string[] = [];
  /**
   * Calendars that have been lost or removed at some time, as `email calendar`: a reader may miss what was in
   * them.
   */
  readonly lost = new Set<string>();
  private readonly stack: ChaosStack;
  private readonly dice: Dice;
  private made = 0;

  constructor(stack: ChaosStack, dice: Dice) {
    this.stack = stack;
    this.dice = dice;
  }

  get live(): TownCalendar[] {
    return this.calendars.filter(({ removed }) => !removed);
  }

  /**
   * Workspaces with one account or two, each with some calendars; one calendar in some is shared between
   * accounts.
   */
  async settle(workspaces: number): Promise<void> {
    for (let number = 1; number <= workspaces; number += 1) {
      const workspaceId = `town-${number}`;
      await this.addWorkspace(workspaceId);
      const first = await this.addCitizen(workspaceId);
      await this.addCalendar(first);
      if (number % 3 === 0) {
        const second = await this.addCitizen(workspaceId);
        const shared = await this.addCalendar(first);
        await this.share(shared, second);
      }
    }
  }

  /** A workspace whose callers write to calendars that no person edits. */
  async settleWriters(count: number): Promise<Writers> {
    const workspaceId = `town-writers-${count}`;
    await this.addWorkspace(workspaceId);
    await changeWorkspace(this.stack.database, workspaceId, { writing: true });
    const citizen = await this.addCitizen(workspaceId);
    const { email } = citizen;
    const calendars: string[] = [];
    for (let number = 1; number <= WRITERS_CALENDARS; number += 1) {
      const { id } = await this.stack.google.createCalendar(email, {
        id: `${CANARY}-writers-${count}-${number}@group.calendar.google.com`,
        summary: `${CANARY} writers ${count} ${number}`,
        timeZone: 'UTC',
      });
      calendars.push(id);
    }
    const connectAgain = async () => {
      const account = await this.stack.database.calendarAuthToken.findFirst({
        where: { workspaceId, email },
      });
      if (citizen.revoked || account?.status === 'needs_reconnect') await this.consent(citizen);
    };
    return { workspaceId, calendars, connectAgain };
  }

  async addCalendar(owner: Citizen): Promise<TownCalendar> {
    this.made += 1;
    const { id } = await this.stack.google.createCalendar(owner.email, {
      id: `${CANARY}-${this.made}@group.calendar.google.com`,
      summary: `${CANARY} calendar ${this.made}`,
      timeZone: this.dice.pick(ZONES),
    });
    return this.settleIn({ id, owner, readers: new Set([owner]), removed: false, guarded: false });
  }

  async share(calendar: TownCalendar, citizen: Citizen, accessRole: 'reader' | 'writer' = 'reader') {
    await this.stack.google.setAccessRole(citizen.email, calendar.id, accessRole);
    calendar.readers.add(citizen);
  }

  /** Connects the account, or connects it again. */
  async consent(citizen: Citizen): Promise<void> {
    const { workspaceId, email } = citizen;
    this.made += 1;
    const refreshToken = `1//${CANARY}-${this.made}`;
    await this.stack.google.createUser({ email, refreshToken, timeZone: this.dice.pick(ZONES) });
    citizen.refreshToken = refreshToken;
    await addAccount(this.stack, { workspaceId, email, refreshToken });
    citizen.revoked = false;
  }

  private async addWorkspace(workspaceId: string): Promise<void> {
    await createWorkspace(this.stack.database, { id: workspaceId, timeZone: this.dice.pick(ZONES) });
    this.workspaceIds.push(workspaceId);
  }

  private async addCitizen(workspaceId: string): Promise<Citizen> {
    const email = `${CANARY}-${this.citizens.length + 1}@example.com`;
    const citizen = { workspaceId, email, refreshToken: '', revoked: false };
    this.citizens.push(citizen);
    await this.consent(citizen);
    const primary = { id: email, owner: citizen, readers: new Set([citizen]), removed: false };
    await this.settleIn({ ...primary, guarded: false });
    return citizen;
  }

  private async settleIn(calendar: TownCalendar): Promise<TownCalendar> {
    const { google } = this.stack;
    await google.generateEvents(calendar.id, {
      count: EVENTS_PER_CALENDAR,
      recurringShare: 0.2,
      mark: CANARY,
      seed: this.dice.between(1, 1_000_000),
    });
    // The first is a primary calendar, which cannot be lost, so the reader always has one to look at.
    calendar.guarded = this.dice.chance(SENTINEL_SHARE) || this.calendars.length === 0;
    if (calendar.guarded) await plantSentinels(google, calendar.id);
    this.calendars.push(calendar);
    return calendar;
  }
}
