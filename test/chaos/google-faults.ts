import type { FaultInput } from '../../emulator/admin.ts';
import { CANARY } from './canary.ts';
import type { Cut } from './cut-proxy.ts';
import type { Dice } from './dice.ts';
import type { ChaosStack } from './stack.ts';
import type { Tally } from './tally.ts';
import type { Town } from './town.ts';

type Answer = Omit<FaultInput, 'match' | 'times'>;

/** Google's own words must not get anywhere. */
const message = `${CANARY} message`;
const htmlBody = `<html><body>${CANARY} page</body></html>`;

/** Faulty answers of the Calendar API. */
const ANSWERS: readonly { name: string; weight: number; most: number; answer: Answer }[] = [
  { name: '400', weight: 1, most: 1, answer: { status: 400, reason: 'invalid', message } },
  { name: '401', weight: 3, most: 1, answer: { status: 401, reason: 'authError', message } },
  { name: '401 twice', weight: 1, most: 2, answer: { status: 401, reason: 'authError', message } },
  { name: '403 forbidden', weight: 2, most: 1, answer: { status: 403, reason: 'forbidden', message } },
  {
    name: '403 rate limit',
    weight: 3,
    most: 2,
    answer: { status: 403, domain: 'usageLimits', reason: 'userRateLimitExceeded', message },
  },
  { name: '404', weight: 3, most: 3, answer: { status: 404, reason: 'notFound', message } },
  { name: '410', weight: 4, most: 2, answer: { status: 410, reason: 'fullSyncRequired', message } },
  {
    name: '429',
    weight: 3,
    most: 1,
    answer: {
      status: 429,
      domain: 'usageLimits',
      reason: 'rateLimitExceeded',
      message,
      retryAfterSeconds: 1,
    },
  },
  { name: '500', weight: 4, most: 2, answer: { status: 500, reason: 'backendError', message } },
  { name: '503 as HTML', weight: 4, most: 2, answer: { status: 503, htmlBody } },
  { name: '403 as HTML', weight: 1, most: 1, answer: { status: 403, htmlBody } },
  { name: 'no answer', weight: 1, most: 1, answer: { hang: true } },
  { name: 'late answer', weight: 4, most: 3, answer: { delayMs: 1_500 } },
  { name: 'truncated JSON', weight: 4, most: 2, answer: { truncateBody: true } },
  { name: 'reset', weight: 4, most: 2, answer: { resetConnection: true } },
  { name: 'reset after the work', weight: 3, most: 2, answer: { afterCommit: true, resetConnection: true } },
];

/** Faulty answers of the token endpoint. */
const TOKEN_ANSWERS: readonly { name: string; weight: number; answer: Answer }[] = [
  { name: 'token: 500', weight: 4, answer: { status: 500, reason: 'internal_failure', message } },
  { name: 'token: HTML', weight: 3, answer: { status: 502, htmlBody } },
  { name: 'token: invalid_grant', weight: 1, answer: { status: 400, reason: 'invalid_grant', message } },
  { name: 'token: invalid_client', weight: 1, answer: { status: 401, reason: 'invalid_client', message } },
  { name: 'token: truncated JSON', weight: 3, answer: { truncateBody: true } },
  { name: 'token: reset', weight: 3, answer: { resetConnection: true } },
];

/** Longer than any run makes requests meanwhile. */
const EVERY_REQUEST = 1_000_000;
/** A listing is made so soon, or is spared: what is stored must not have changed much by then. */
const PARTIAL_WITHIN_MS = 5_000;
/** In a smaller calendar a few events may be gone, which is believed at once. */
const FEWEST_STORED = 20;

const CUTS: readonly Cut[] = ['before-commit', 'after-commit', 'before-statement', 'after-statement'];
const LARGEST_PAGE = 2_500;
const PAGE_SIZES = [5, 10, 40, LARGEST_PAGE];
const DAY_SECONDS = 86_400;
const CLOCK_OFFSETS_SECONDS = [0, -3 * DAY_SECONDS, -600, 600, 7_200, DAY_SECONDS];

/** Faults between running processes: Google, tokens, clocks, connections. */
export class Faults {
  private readonly stack: ChaosStack;
  private readonly town: Town;
  private readonly dice: Dice;
  private readonly tally: Tally;
  /** Calendars that have had a partial listing: two of them would be believed. */
  private readonly cutOnce = new Set<string>();

  constructor(stack: ChaosStack, town: Town, dice: Dice, tally: Tally) {
    this.stack = stack;
    this.town = town;
    this.dice = dice;
    this.tally = tally;
    stack.proxy.onCut = (cut) => tally.add(`connection cut ${cut.replace('-', ' ')}`);
  }

  private readonly faults: { weight: number; strike: () => Promise<string | null> }[] = [
    { weight: 30, strike: () => this.answerBadly() },
    { weight: 6, strike: () => this.refuseToken() },
    { weight: 12, strike: async () => this.cut() },
    { weight: 2, strike: async () => this.resetConnections() },
    { weight: 4, strike: () => this.expireSyncTokens() },
    { weight: 4, strike: () => this.killPageTokens() },
    { weight: 4, strike: () => this.expireAccessTokens() },
    { weight: 6, strike: () => this.reshapePages() },
    { weight: 3, strike: () => this.setGoogleClock() },
    { weight: 1, strike: () => this.narrowQuota() },
    { weight: 3, strike: () => this.spoilPushes() },
    { weight: 1, strike: () => this.refuseAllTokens() },
    { weight: 3, strike: () => this.emptyCalendarList() },
    { weight: 4, strike: () => this.cutCalendarList() },
    { weight: 4, strike: () => this.cutListing() },
  ];

  async strike(): Promise<void> {
    const name = await this.dice.weighted(this.faults).strike();
    if (name !== null) this.tally.add(name);
  }

  /** Nothing strikes from now on, and Google is as it should be. */
  async end(): Promise<void> {
    const { google, proxy } = this.stack;
    proxy.arm(null);
    await google.clearFaults();
    await google.setQuota({ status: 403 });
    await google.setPageShape({ maxPageSize: LARGEST_PAGE, emptyPageEvery: 0 });
    await google.setClock({ offsetSeconds: 0 });
    await google.setPush({ drop: 0, duplicate: false, delayMs: 0, reorder: false });
  }

  private async answerBadly(): Promise<string> {
    const { name, most, answer } = this.dice.weighted(ANSWERS);
    const match = this.dice.chance(0.8)
      ? { method: 'GET', calendarId: this.dice.pick(this.town.live).id }
      : { pathContains: '/calendarList', email: this.dice.pick(this.town.citizens).email };
    await this.stack.google.addFault({ match, times: this.dice.between(1, most), ...answer });
    return name;
  }

  private async refuseToken(): Promise<string> {
    const { name, answer } = this.dice.weighted(TOKEN_ANSWERS);
    const { email } = this.dice.pick(this.town.citizens);
    await this.stack.google.expireAccessTokens(email);
    await this.stack.google.addFault({ match: { pathPrefix: '/token', email }, times: 1, ...answer });
    return name;
  }

  /** Everybody's access tokens, those that the token endpoint has just issued as well. */
  private async refuseAllTokens(): Promise<string> {
    await this.stack.google.addFault({
      match: { pathPrefix: '/calendar/' },
      times: EVERY_REQUEST,
      forMs: this.dice.between(2_000, 8_000),
      status: 401,
      reason: 'authError',
      message,
    });
    return '401 to everything';
  }

  private async emptyCalendarList(): Promise<string> {
    const { email } = this.dice.pick(this.town.citizens);
    const match = { pathContains: '/calendarList', email };
    await this.stack.google.addFault({ match, times: this.dice.between(1, 3), emptyItems: true });
    return 'calendar list empty';
  }

  private async cutCalendarList(): Promise<string | null> {
    const citizen = this.dice.pick(this.town.citizens);
    const { email } = citizen;
    const others = this.town.live.filter(({ id, readers }) => id !== email && readers.has(citizen));
    const keepsPrimary = this.dice.chance(0.5);
    if (keepsPrimary && others.length === 0) return null;
    // A calendar that also answers 404 just then is believed to be gone, until the next list.
    if (keepsPrimary) for (const { id } of others) this.town.lost.add(`${email} ${id}`);
    const withoutItems = [...(keepsPrimary ? [] : [email]), ...others.map(({ id }) => id)];
    await this.stack.google.addFault({
      match: { pathContains: '/calendarList', email },
      times: 1,
      withoutItems,
    });
    return `calendar list partial, ${keepsPrimary ? 'with' : 'without'} the primary`;
  }

  /**
   * A full listing without half of what is stored. For primary calendars only, which cannot be removed: events
   * that were never stored are not missed.
   */
  private async cutListing(): Promise<string | null> {
    const { email } = this.dice.pick(this.town.citizens);
    const rows = await this.stack.database.calendarEvent.findMany({
      where: { calendar: { googleCalendarId: email, account: { email } } },
      select: { googleEventId: true },
      orderBy: { googleEventId: 'asc' },
    });
    if (rows.length < FEWEST_STORED || this.cutOnce.has(email)) return null;
    this.cutOnce.add(email);
    await this.stack.google.addFault({
      match: {
        method: 'GET',
        calendarId: email,
        email,
        pathContains: '/events',
        withoutQuery: ['syncToken'],
      },
      times: 1,
      forMs: PARTIAL_WITHIN_MS,
      withoutItems: rows.map(({ googleEventId }) => googleEventId).filter((_, index) => index % 2 === 0),
    });
    await this.stack.google.expireSyncTokens(email);
    return 'listing partial';
  }

  /** Counted when it is made: the next statement may be long in coming. */
  private cut(): null {
    this.stack.proxy.arm(this.dice.pick(CUTS));
    return null;
  }

  private resetConnections(): string {
    this.stack.proxy.resetAll();
    return 'all connections reset';
  }

  private async expireSyncTokens(): Promise<string> {
    const everywhere = this.dice.chance(0.2);
    await this.stack.google.expireSyncTokens(everywhere ? undefined : this.dice.pick(this.town.live).id);
    return everywhere ? 'all sync tokens expire' : 'sync token expires';
  }

  private async killPageTokens(): Promise<string> {
    await this.stack.google.killPageTokens();
    return 'page tokens die';
  }

  private async expireAccessTokens(): Promise<string> {
    await this.stack.google.expireAccessTokens();
    return 'access tokens expire';
  }

  private async reshapePages(): Promise<string> {
    await this.stack.google.setPageShape({
      maxPageSize: this.dice.pick(PAGE_SIZES),
      emptyPageEvery: this.dice.pick([0, 0, 2, 3]),
      richTombstones: this.dice.chance(0.5),
      listChildrenOfCancelledMaster: this.dice.chance(0.5),
    });
    return 'pages change their shape';
  }

  private async setGoogleClock(): Promise<string> {
    await this.stack.google.setClock({ offsetSeconds: this.dice.pick(CLOCK_OFFSETS_SECONDS) });
    return 'clock of Google jumps';
  }

  private async narrowQuota(): Promise<string> {
    const narrow = this.dice.chance(0.5);
    await this.stack.google.setQuota({
      ...(narrow && { perUserPerMinute: 60 }),
      status: this.dice.pick([403, 429]),
    });
    return narrow ? 'quota narrows' : 'quota opens';
  }

  private async spoilPushes(): Promise<string> {
    await this.stack.google.setPush({
      drop: this.dice.pick([0, 0.3, 1]),
      duplicate: this.dice.chance(0.5),
      delayMs: this.dice.pick([0, 0, 300]),
      reorder: this.dice.chance(0.5),
    });
    return 'pushes are lost, late, doubled or overtaken';
  }
}
