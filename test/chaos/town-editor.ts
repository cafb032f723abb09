import { EVENT_DETAILS } from '../../contracts/event-details.ts';
import { changeWorkspace } from '../../services/workspaces.ts';
import { RandomEditor } from '../support/random-editor.ts';
import { CANARY } from './canary.ts';
import type { Dice } from './dice.ts';
import { CANARY_DETAILS, isSentinel } from './sentinels.ts';
import type { ChaosStack } from './stack.ts';
import type { Tally } from './tally.ts';
import type { Town, TownCalendar } from './town.ts';

const MOST_CALENDARS_PER_WORKSPACE = 5;

/** Everybody who edits: events all the time, calendars and consent now and then. */
export class TownEditor {
  private readonly editors = new Map<string, RandomEditor>();
  private readonly cleared: { calendarId: string; eventIds: string[] }[] = [];
  private readonly stack: ChaosStack;
  private readonly town: Town;
  private readonly dice: Dice;
  private readonly tally: Tally;

  constructor(stack: ChaosStack, town: Town, dice: Dice, tally: Tally) {
    this.stack = stack;
    this.town = town;
    this.dice = dice;
    this.tally = tally;
  }

  private readonly edits: { name: string; weight: number; make: () => Promise<string | boolean | null> }[] = [
    { name: 'event', weight: 180, make: () => this.editEvent() },
    { name: 'mass delete', weight: 3, make: () => this.massDelete() },
    { name: 'mass resurrection', weight: 4, make: () => this.resurrect() },
    { name: 'calendar added', weight: 3, make: () => this.addCalendar() },
    { name: 'calendar removed', weight: 2, make: () => this.removeCalendar() },
    { name: 'access lost', weight: 3, make: () => this.loseAccess() },
    { name: 'access given', weight: 4, make: () => this.giveAccess() },
    { name: 'role changed', weight: 3, make: () => this.changeRole() },
    { name: 'consent revoked', weight: 1, make: () => this.revokeConsent() },
    { name: 'connected again', weight: 4, make: () => this.connectAgain() },
    { name: 'detail chosen', weight: 3, make: () => this.chooseDetail() },
    { name: 'a day passes', weight: 4, make: () => this.ageCalendarList() },
  ];

  /** One edit. There may be nothing to make it on. */
  async edit(): Promise<void> {
    const { name, make } = this.dice.weighted(this.edits);
    const made = await make();
    if (made !== null && made !== false) this.tally.add(typeof made === 'string' ? made : name);
  }

  private calendar(kind: (calendar: TownCalendar) => boolean = () => true): TownCalendar | null {
    const candidates = this.town.live.filter(kind);
    return candidates.length === 0 ? null : this.dice.pick(candidates);
  }

  private async editEvent(): Promise<string | null> {
    const { id } = this.dice.pick(this.town.live);
    let editor = this.editors.get(id);
    if (editor === undefined) {
      const habits = { title: `${CANARY} title`, details: CANARY_DETAILS, spares: isSentinel };
      editor = new RandomEditor(this.stack.google, id, this.dice.random, habits);
      this.editors.set(id, editor);
    }
    return editor.edit();
  }

  private async massDelete(): Promise<boolean> {
    const { google } = this.stack;
    const { id: calendarId } = this.dice.pick(this.town.live);
    const share = this.dice.pick([0.5, 0.9, 1]);
    const events = (await google.listEvents(calendarId)).filter(
      ({ id, recurringEventId }) => recurringEventId === undefined && !isSentinel(id),
    );
    const eventIds = events.map(({ id }) => id).filter(() => this.dice.chance(share));
    for (const eventId of eventIds) await google.deleteEvent(calendarId, eventId);
    this.cleared.push({ calendarId, eventIds });
    return eventIds.length > 0;
  }

  private async resurrect(): Promise<boolean> {
    const cleared = this.cleared.shift();
    if (cleared === undefined || !this.town.live.some(({ id }) => id === cleared.calendarId)) return false;
    for (const eventId of cleared.eventIds)
      await this.stack.google.undeleteEvent(cleared.calendarId, eventId);
    return true;
  }

  private async addCalendar(): Promise<boolean> {
    const owner = this.dice.pick(this.town.citizens);
    const own = this.town.live.filter((calendar) => calendar.owner.workspaceId === owner.workspaceId);
    if (own.length >= MOST_CALENDARS_PER_WORKSPACE) return false;
    await this.town.addCalendar(owner);
    return true;
  }

  private async removeCalendar(): Promise<boolean> {
    const calendar = this.calendar(({ id, owner }) => id !== owner.email);
    if (calendar === null) return false;
    for (const { email } of calendar.readers) this.town.lost.add(`${email} ${calendar.id}`);
    calendar.removed = true;
    await this.stack.google.removeCalendar(calendar.id);
    return true;
  }

  /** A calendar of another user, or a secondary one of the user's own; the editor cannot distinguish them. */
  private async loseAccess(): Promise<boolean> {
    const calendar = this.calendar(({ id, owner, readers }) => id !== owner.email && readers.size > 0);
    if (calendar === null) return false;
    const reader = this.dice.pick([...calendar.readers]);
    this.town.lost.add(`${reader.email} ${calendar.id}`);
    calendar.readers.delete(reader);
    await this.stack.google.setAccessRole(reader.email, calendar.id, 'none');
    return true;
  }

  private async giveAccess(): Promise<boolean> {
    const calendar = this.calendar(({ id, owner }) => id !== owner.email);
    if (calendar === null) return false;
    const others = this.town.citizens.filter((citizen) => !calendar.readers.has(citizen));
    const near = others.filter(({ workspaceId }) => workspaceId === calendar.owner.workspaceId);
    if (near.length === 0) return false;
    await this.town.share(calendar, this.dice.pick(near), this.dice.pick(['reader', 'writer']));
    return true;
  }

  private async changeRole(): Promise<boolean> {
    const calendar = this.calendar(({ readers }) => readers.size > 0);
    if (calendar === null) return false;
    const { email } = this.dice.pick([...calendar.readers]);
    const role = this.dice.pick(['reader', 'writer', 'owner'] as const);
    await this.stack.google.setAccessRole(email, calendar.id, role);
    return true;
  }

  private async revokeConsent(): Promise<boolean> {
    const citizen = this.dice.pick(this.town.citizens);
    citizen.revoked = true;
    await this.stack.google.revokeGrant(citizen.email);
    return true;
  }

  private async chooseDetail(): Promise<boolean> {
    const workspaceId = this.dice.pick(this.town.workspaceIds);
    const eventDetail = this.dice.pick(EVENT_DETAILS);
    await changeWorkspace(this.stack.database, workspaceId, { eventDetail });
    return true;
  }

  /** People whose account has to be connected again notice at some time. */
  private async connectAgain(): Promise<boolean> {
    const [account] = await this.stack.database.calendarAuthToken.findMany({
      where: { status: 'needs_reconnect' },
      orderBy: { email: 'asc' },
      take: 1,
    });
    const citizen = this.town.citizens.find(({ email }) => email === account?.email);
    if (citizen === undefined) return false;
    await this.town.consent(citizen);
    return true;
  }

  /** Calendar lists are looked at once a day: an account's is now. */
  private async ageCalendarList(): Promise<boolean> {
    const { email } = this.dice.pick(this.town.citizens);
    await this.stack.database.calendarAuthToken.updateMany({
      where: { email },
      data: { calendarListDueAt: new Date() },
    });
    return true;
  }
}
