import { setTimeout as sleep } from 'node:timers/promises';
import type { Database } from '../../prisma/client.ts';
import { SENTINEL, SENTINELS } from './sentinels.ts';
import type { Town } from './town.ts';

const POLL_MS = 50;
const LIKE_SENTINEL = `${SENTINEL}%`;

/** Content of a calendar at one read. */
interface Look {
  calendarId: string;
  email: string;
  googleCalendarId: string;
  sentinels: number;
  occurrences: number;
  provenAt: Date | null;
}

/** A calendar that was seen without an event that it had before and that was not removed. */
export interface Gap {
  calendarId: string;
  at: string;
  sentinels: number;
  occurrences: number;
  expectedOccurrences: number;
}

/**
 * Looks at every calendar all the time, as the product would. Once a calendar has shown all its sentinels, it
 * shows all of them for ever: a mirror that is seen empty or half swept is a wrong answer to a client.
 */
export class Reader {
  readonly gaps: Gap[] = [];
  looks = 0;
  /** Calendars that have shown all their sentinels. */
  readonly guarded = new Set<string>();
  /** How long after a kill the first calendar was in step again that had not been asked about before. */
  longestRecovery: { afterMs: number; kill: string } = { afterMs: 0, kill: '' };
  private readonly complete = new Map<string, number>();
  private waiting: { kill: string; atMs: number }[] = [];
  private readonly database: Database;
  private readonly town: Town;

  constructor(database: Database, town: Town) {
    this.database = database;
    this.town = town;
  }

  /** A process was killed: how long is it until something is in step again? */
  awaitRecovery(kill: string): void {
    this.waiting.push({ kill, atMs: Date.now() });
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // Postgres is away at times.
      const looks = await this.look().catch(() => null);
      if (looks !== null) this.judge(looks);
      await sleep(POLL_MS);
    }
    // The last sync's changes are read, too.
    const last = await this.look().catch(() => null);
    if (last !== null) this.judge(last);
  }

  /** Kills after which no calendar has been in step again. */
  get unrecovered(): string[] {
    return this.waiting.map(({ kill }) => kill);
  }

  private async look(): Promise<Look[]> {
    return this.database.$queryRaw<Look[]>`
      select c.id::text as "calendarId", a.email, c.google_calendar_id as "googleCalendarId",
        s.proven_at as "provenAt",
        (select count(*)::int from calendar_events e
          where e.calendar_id = c.id and e.google_event_id like ${LIKE_SENTINEL}) as sentinels,
        (select count(*)::int from workspace_calendar_events o
          where o.calendar_id = c.id and o.source_event_id like ${LIKE_SENTINEL}) as occurrences
      from calendars c
      join calendar_auth_tokens a on a.id = c.account_id
      left join calendar_sync_states s on s.calendar_id = c.id`;
  }

  private judge(looks: readonly Look[]): void {
    this.looks += 1;
    for (const { calendarId, email, googleCalendarId, sentinels, occurrences } of looks) {
      if (this.town.lost.has(`${email} ${googleCalendarId}`)) continue;
      const expected = this.complete.get(calendarId);
      if (expected === undefined) {
        if (sentinels < SENTINELS) continue;
        this.complete.set(calendarId, occurrences);
        this.guarded.add(calendarId);
      } else if (sentinels < SENTINELS || occurrences < expected) {
        const at = new Date().toISOString();
        this.gaps.push({ calendarId, at, sentinels, occurrences, expectedOccurrences: expected });
        this.complete.delete(calendarId);
      } else this.complete.set(calendarId, occurrences);
    }
    const provenAtMs = Math.max(0, ...looks.map(({ provenAt }) => provenAt?.getTime() ?? 0));
    for (const { kill, atMs } of this.waiting.filter((one) => one.atMs < provenAtMs)) {
      const afterMs = Date.now() - atMs;
      if (afterMs > this.longestRecovery.afterMs) this.longestRecovery = { afterMs, kill };
    }
    this.waiting = this.waiting.filter((one) => one.atMs >= provenAtMs);
  }
}
