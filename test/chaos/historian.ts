import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { listEvents, type Occurrence } from '../../services/reading/list-occurrences.ts';
import { listPastEvents } from '../../services/time-travel/list-past-events.ts';
import type { Database } from '../../prisma/client.ts';
import type { Dice } from './dice.ts';
import type { LogError } from './change-log.ts';
import type { Town } from './town.ts';

const PAUSES_MS = [500, 3_000] as const;
const DAY_MS = 86_400_000;
/** Days around today that a photograph shows. */
const DAYS = { back: 20, ahead: 40 };
const RETENTION_DAYS = 1;

/** Mirror of a workspace at a moment. */
interface Photograph {
  workspaceId: string;
  asOf: string;
  range: { from: string; to: string };
  occurrences: Map<string, Shown>;
}

type Shown = Omit<Occurrence, 'busy'>;
type Cursor = Awaited<ReturnType<typeof listEvents>>['cursor'];

/** Without `busy`, which follows today's policy and calendars. */
const shown = ({ busy: _busy, ...occurrence }: Occurrence): Shown => occurrence;

/**
 * Notes what mirrors show while they are being written, and holds it against what time travel shows of those
 * moments afterwards.
 */
export class Historian {
  private readonly photographs: Photograph[] = [];
  private readonly database: Database;
  private readonly town: Town;
  private readonly dice: Dice;

  constructor(database: Database, town: Town, dice: Dice) {
    this.database = database;
    this.town = town;
    this.dice = dice;
  }

  get count(): number {
    return this.photographs.length;
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // Postgres is away at times.
      await this.photograph(this.dice.pick(this.town.workspaceIds)).catch(() => undefined);
      await sleep(this.dice.between(...PAUSES_MS));
    }
  }

  /** Compares every photograph with time travel to its moment, for calendars that are still shown. */
  async compare(): Promise<LogError[]> {
    const errors: LogError[] = [];
    for (const { workspaceId, asOf, range, occurrences } of this.photographs) {
      const calendarIds = await this.calendarsShown(workspaceId);
      const past = new Map<string, Shown>();
      for (let after: Cursor, more = true; more;) {
        const page = await listPastEvents(
          this.database,
          { workspaceId, asOf, ...range, after },
          RETENTION_DAYS,
        );
        for (const occurrence of page.events) past.set(occurrence.id, shown(occurrence));
        // Their content is gone from the log.
        for (const purged of page.past.purgedCalendarIds) calendarIds.delete(purged);
        after = page.cursor;
        more = after !== undefined;
      }
      for (const id of new Set([...past.keys(), ...occurrences.keys()])) {
        const [then, now] = [occurrences.get(id), past.get(id)];
        const { calendarId } = (then ?? now)!;
        if (!calendarIds.has(calendarId) || isDeepStrictEqual(then, now)) continue;
        errors.push({ workspaceId, why: `time travel to ${asOf} shows ${calendarId}/${id} otherwise` });
      }
    }
    return errors;
  }

  private async photograph(workspaceId: string): Promise<void> {
    const now = Date.now();
    const range = {
      from: new Date(now - DAYS.back * DAY_MS).toISOString(),
      to: new Date(now + DAYS.ahead * DAY_MS).toISOString(),
    };
    await this.database.$transaction(
      async (transaction) => {
        // A change that was committed after this snapshot may bear an earlier time than it, so the moment is that
        // of the last change in it.
        const [last] = await transaction.$queryRaw<{ changedAt: Date | null }[]>`
          select changed_at as "changedAt" from calendar_changes
          where workspace_id = ${workspaceId} order by position desc limit 1`;
        if (!last?.changedAt) return;
        const occurrences = new Map<string, Shown>();
        for (let after: Cursor, more = true; more;) {
          const page = await listEvents(transaction, { workspaceId, ...range, after });
          for (const occurrence of page.events) occurrences.set(occurrence.id, shown(occurrence));
          after = page.cursor;
          more = after !== undefined;
        }
        this.photographs.push({ workspaceId, asOf: last.changedAt.toISOString(), range, occurrences });
      },
      { isolationLevel: 'RepeatableRead' },
    );
  }

  /** A calendar that is disabled or lost by now is shown at no moment. */
  private async calendarsShown(workspaceId: string): Promise<Set<string>> {
    const calendars = await this.database.calendar.findMany({
      where: { workspaceId, enabled: true, status: 'active' },
      select: { id: true },
    });
    return new Set(calendars.map(({ id }) => id));
  }
}
