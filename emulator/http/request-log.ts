/** One answered request. */
export interface RequestRecord {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  status: number;
  /** ISO time. */
  at: string;
  email: string | null;
}

/** Requests kept; older ones only count. */
const KEPT = 10_000;

/** The last requests, and the number of requests of each kind. */
export class RequestLog {
  private records: RequestRecord[] = [];
  private counts: Record<string, number> = {};

  add(record: RequestRecord): void {
    this.records.push(record);
    if (this.records.length > 2 * KEPT) this.records = this.records.slice(-KEPT);
    const kind = `${record.method} ${kindOf(record.path)}`;
    this.counts[kind] = (this.counts[kind] ?? 0) + 1;
  }

  since(at?: string): RequestRecord[] {
    const kept = this.records.slice(-KEPT);
    return at === undefined ? kept : kept.filter((record) => record.at >= at);
  }

  countsByKind(): Record<string, number> {
    return { ...this.counts };
  }

  clear(): void {
    this.records = [];
    this.counts = {};
  }
}

/** The path with IDs left out, such as `/calendar/v3/calendars/:id/events`. */
function kindOf(path: string): string {
  return path
    .replace(/(\/calendars\/)[^/]+/, '$1:id')
    .replace(/(\/events\/)(?!import$|watch$|quickAdd$)[^/]+/, '$1:id')
    .replace(/(\/calendarList\/)[^/]+/, '$1:id');
}
