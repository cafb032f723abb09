import type { Copy, Delivery } from './receiver.ts';

/** A copy of one workspace's mirror in memory, by calendar and event. */
export class MemoryCopy implements Copy {
  readonly events = new Map<string, object>();
  private progress = { generation: 0, position: 0 };

  async readProgress(): Promise<{ generation: number; position: number }> {
    return this.progress;
  }

  async apply({ generation, after, position, changes }: Delivery): Promise<void> {
    if (after === 0) this.events.clear();
    for (const { calendarId, googleEventId, event } of changes) {
      const key = `${calendarId} ${googleEventId}`;
      if (event === null) this.events.delete(key);
      else this.events.set(key, event);
    }
    this.progress = { generation, position };
  }
}
