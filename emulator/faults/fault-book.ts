/** Conditions on a request, all of which must hold. */
interface FaultMatch {
  method?: string | undefined;
  pathPrefix?: string | undefined;
  pathContains?: string | undefined;
  calendarId?: string | undefined;
  email?: string | undefined;
  query?: Record<string, string> | undefined;
  /** Parameters that the request must not have. */
  withoutQuery?: readonly string[] | undefined;
  /** Whether the body names attendees. */
  withGuests?: boolean | undefined;
}

/** Fault of the next `times` matching requests. */
export interface Fault {
  match: FaultMatch;
  times: number;
  /** Milliseconds after which the fault ends, even if unused. */
  forMs?: number | undefined;
  /** Apply the fault after the work was committed, which the client cannot see. */
  afterCommit?: boolean | undefined;
  status?: number | undefined;
  reason?: string | undefined;
  domain?: string | undefined;
  message?: string | undefined;
  retryAfterSeconds?: number | undefined;
  /** Sent as text/html instead of the JSON envelope. */
  htmlBody?: string | undefined;
  /** Never answer. */
  hang?: boolean | undefined;
  delayMs?: number | undefined;
  resetConnection?: boolean | undefined;
  /** Promise the whole body and send half of it. */
  truncateBody?: boolean | undefined;
  /** Answer a listing with no items. */
  emptyItems?: boolean | undefined;
  /** Leave the items with these IDs out of a listing. */
  withoutItems?: readonly string[] | undefined;
}

/** Properties of a request that faults match. */
interface FaultTarget {
  method: string;
  path: string;
  query: Record<string, string | string[]>;
  calendarId: string | undefined;
  email: string | undefined;
  withGuests: boolean;
}

/** Faults waiting for their requests, oldest first. */
export class FaultBook {
  private faults: { fault: Fault; left: number; endsAt: number }[] = [];

  add(fault: Fault): void {
    this.faults.push({ fault, left: fault.times, endsAt: performance.now() + (fault.forMs ?? Infinity) });
  }

  clear(): void {
    this.faults = [];
  }

  /** The fault for this request; uses it up once. */
  take(target: FaultTarget): Fault | undefined {
    if (this.faults.length === 0) return undefined;
    const now = performance.now();
    this.faults = this.faults.filter(({ endsAt }) => endsAt > now);
    const hit = this.faults.find(({ fault }) => meets(fault.match, target));
    if (!hit) return undefined;
    hit.left -= 1;
    if (hit.left <= 0) this.faults = this.faults.filter((entry) => entry !== hit);
    return hit.fault;
  }
}

function meets(match: FaultMatch, target: FaultTarget): boolean {
  const calendarIds = target.calendarId === 'primary' ? ['primary', target.email] : [target.calendarId];
  return (
    (match.method === undefined || match.method.toUpperCase() === target.method) &&
    (match.pathPrefix === undefined || target.path.startsWith(match.pathPrefix)) &&
    (match.pathContains === undefined || target.path.includes(match.pathContains)) &&
    (match.calendarId === undefined || calendarIds.includes(match.calendarId)) &&
    (match.email === undefined || match.email === target.email) &&
    (match.withGuests === undefined || match.withGuests === target.withGuests) &&
    (match.withoutQuery ?? []).every((key) => target.query[key] === undefined) &&
    Object.entries(match.query ?? {}).every(([key, value]) => [target.query[key]].flat().includes(value))
  );
}
