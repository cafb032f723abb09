import type { Change, Copy } from './follow-changes.ts';

/** A copy of the mirror in memory, by calendar and event. */
export class MemoryCopy implements Copy {
  readonly events = new Map<string, NonNullable<Change['event']>>();
  private cursor = '0';

  async readCursor(): Promise<string> {
    return this.cursor;
  }

  async apply(changes: readonly Change[], cursor: string): Promise<void> {
    for (const { calendarId, googleEventId, event } of changes) {
      const key = `${calendarId} ${googleEventId}`;
      if (event === null) this.events.delete(key);
      else this.events.set(key, event);
    }
    this.cursor = cursor;
  }

  async clear(): Promise<void> {
    this.events.clear();
    this.cursor = '0';
  }
}
