import type { UsageRow } from '../../data/usage.ts';

/** Figures that are summed over days and workspaces. */
export const FIGURES = ['googleRequests', 'syncs', 'changes', 'eventWrites'] as const;
export type Figure = (typeof FIGURES)[number];

export type Sums = Record<Figure, number>;
export interface DaySums extends Sums {
  day: string;
  /** Stored events of all workspaces, as last counted that day. Null: not counted. */
  events: number | null;
}
export interface WorkspaceSums extends Sums {
  workspaceId: string;
  events: number | null;
  calendars: number | null;
}

const NONE: Sums = { googleRequests: 0, syncs: 0, changes: 0, eventWrites: 0 };

function add(sums: Sums, row: UsageRow): Sums {
  return {
    googleRequests: sums.googleRequests + row.googleRequests,
    syncs: sums.syncs + row.syncs,
    changes: sums.changes + row.changes,
    eventWrites: sums.eventWrites + row.eventWrites,
  };
}

export const totalOf = (rows: readonly UsageRow[]): Sums => rows.reduce(add, NONE);

/** Each of the days, also those without rows. */
export function byDay(rows: readonly UsageRow[], days: readonly string[]): DaySums[] {
  const sums = new Map(days.map((day): [string, DaySums] => [day, { ...NONE, day, events: null }]));
  for (const row of rows) {
    const known = sums.get(row.day);
    if (known === undefined) continue;
    const events = row.events === null ? known.events : (known.events ?? 0) + row.events;
    sums.set(row.day, { ...add(known, row), day: row.day, events });
  }
  return [...sums.values()];
}

/** Every workspace, that with the most requests to Google first; counts are those of its latest day. */
export function byWorkspace(rows: readonly UsageRow[]): WorkspaceSums[] {
  const workspaces = new Map<string, WorkspaceSums>();
  for (const row of rows.toSorted((a, b) => a.day.localeCompare(b.day))) {
    const { workspaceId } = row;
    const known = workspaces.get(workspaceId) ?? { ...NONE, workspaceId, events: null, calendars: null };
    workspaces.set(workspaceId, {
      ...add(known, row),
      workspaceId,
      events: row.events ?? known.events,
      calendars: row.calendars ?? known.calendars,
    });
  }
  return [...workspaces.values()].toSorted((a, b) => b.googleRequests - a.googleRequests);
}

/** Requests to Google by method, most first. */
export function byMethod(rows: readonly UsageRow[]): [method: string, requests: number][] {
  const methods = new Map<string, number>();
  for (const { googleMethods } of rows)
    for (const [method, requests] of Object.entries(googleMethods))
      methods.set(method, (methods.get(method) ?? 0) + requests);
  return [...methods].toSorted(([, a], [, b]) => b - a);
}
