import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { listChanges } from '../../services/reading/changes.ts';
import type { Database } from '../../prisma/client.ts';
import type { LogError } from './change-log.ts';
import type { Town } from './town.ts';

const POLL_MS = 100;
/** Small, so that a page ends while others are committing. */
const PAGE_SIZE = 20;

/** Copy of a workspace in a product that reads the change log. */
class Copy {
  readonly events = new Map<string, unknown>();
  position = 0;
  cursor = '0';
}

/**
 * Keeps a copy of every workspace's mirror as a product would: by the change log alone, while it is being
 * written. A change that came to be seen behind the cursor would be missing from the copy for ever.
 */
export class Follower {
  /** Changes it was notified of. */
  changes = 0;
  private readonly errors: LogError[] = [];
  private readonly copies = new Map<string, Copy>();
  private readonly database: Database;
  private readonly town: Town;

  constructor(database: Database, town: Town) {
    this.database = database;
    this.town = town;
  }

  async run(stop: AbortSignal): Promise<void> {
    while (!stop.aborted) {
      // Postgres is away at times.
      await this.readOn().catch(() => undefined);
      await sleep(POLL_MS);
    }
  }

  /** Reads to the end of every log, and holds the copies against the mirror. */
  async compare(): Promise<LogError[]> {
    await this.readOn();
    for (const [workspaceId, { events }] of this.copies) {
      const stored = await this.database.calendarEvent.findMany({ where: { calendar: { workspaceId } } });
      const mirror = new Map(stored.map((row) => [keyOf(row), row.resource]));
      for (const key of new Set([...mirror.keys(), ...events.keys()])) {
        if (!isDeepStrictEqual(mirror.get(key), events.get(key)))
          this.errors.push({ workspaceId, why: `a follower of the log has another ${key}` });
      }
    }
    return this.errors;
  }

  private async readOn(): Promise<void> {
    for (const workspaceId of this.town.workspaceIds) {
      const copy = this.copies.get(workspaceId) ?? new Copy();
      this.copies.set(workspaceId, copy);
      for (let more = true; more;) more = await this.readPage(workspaceId, copy);
    }
  }

  private async readPage(workspaceId: string, copy: Copy): Promise<boolean> {
    const page = await listChanges(this.database, { workspaceId, after: copy.cursor, limit: PAGE_SIZE });
    for (const { position, event, ...change } of page.changes) {
      if (position !== copy.position + 1)
        this.errors.push({ workspaceId, why: `position ${position} was announced after ${copy.position}` });
      copy.position = position;
      if (event === null) copy.events.delete(keyOf(change));
      else copy.events.set(keyOf(change), event);
    }
    this.changes += page.changes.length;
    copy.cursor = page.cursor;
    return page.more;
  }
}

function keyOf({ calendarId, googleEventId }: { calendarId: string; googleEventId: string }): string {
  return `${calendarId}/${googleEventId}`;
}
