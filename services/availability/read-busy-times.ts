import { type Interval, merge } from '../../calendar/availability/interval.ts';
import type { MovableBlock } from '../../calendar/availability/availability-query.ts';
import { MOST_BUSY_TIMES } from '../../contracts/limits.ts';
import type { Database } from '../../prisma/client.ts';
import { Prisma } from '../../prisma/generated/client.ts';
import type { HoursRow } from '../planning/write-back/week-hours.ts';
import type { GapCode } from './gap-codes.ts';

/** Whose rows may be read: all, or those of the workspace that the database handle is bound to and its permits. */
export type Reach = 'all' | 'permitted';

/** One person's time, as of one snapshot. */
export interface PersonRow {
  workspaceId: string;
  timeZone: string;
  /** Whether IDs may be shown. */
  own: boolean;
  /** Of type `work`, as far as they are set. */
  hours: HoursRow[];
  /** Those that count. Of another workspace, all in one without an ID. */
  calendars: { id?: string; provenAt: number | null; gap: GapCode | null }[];
  /** Whether an account's calendars are unknown yet. */
  neverListed: boolean;
  busy: Interval[];
  /** Blocks that can move; none of another workspace. */
  blocks: MovableBlock[];
}

interface Row {
  workspaceId: string;
  timeZone: string;
  own: boolean;
  hours: string | null;
  calendars: string | null;
  neverListed: boolean;
  busy: string | null;
  blocks: string | null;
  busyRows: number;
}

/**
 * The time of several workspaces in one statement. Lists come as text, which is read much faster than rows.
 * @returns null where there are more busy times than may be read. Workspaces that do not exist, or permit nothing,
 *   are absent
 */
export async function readBusyTimes(
  database: Database,
  workspaceIds: readonly string[],
  windows: readonly Interval[],
  reach: Reach,
): Promise<Map<string, PersonRow> | null> {
  const disjoint = merge(windows);
  const instants = (side: keyof Interval) => disjoint.map((window) => new Date(window[side]).toISOString());
  const asked = Prisma.sql`
    ${workspaceIds}::text[], ${instants('start')}::timestamptz[], ${instants('end')}::timestamptz[], now(),
    ${MOST_BUSY_TIMES}::int`;
  const source =
    reach === 'all'
      ? Prisma.sql`read_availability(${asked}, null)`
      : Prisma.sql`read_permitted_availability(${asked})`;
  const rows = await database.$queryRaw<Row[]>`
    select workspace_id as "workspaceId", time_zone as "timeZone", own, hours, calendars,
      never_listed as "neverListed", busy, blocks, busy_rows as "busyRows"
    from ${source}`;
  const total = rows.reduce((sum, { busyRows }) => sum + busyRows, 0);
  if (total > MOST_BUSY_TIMES) return null;
  return new Map(rows.map((row) => [row.workspaceId, toPerson(row)]));
}

function toPerson({ hours, calendars, busy, blocks, busyRows: _busyRows, ...row }: Row): PersonRow {
  return {
    ...row,
    hours: parseList<HoursRow>(hours),
    calendars: parseList<PersonRow['calendars'][number]>(calendars),
    busy: toIntervals(parseList<number>(busy)),
    blocks: parseList<[string, number, number]>(blocks).map(([blockId, start, end]) => ({
      blockId,
      start,
      end,
    })),
  };
}

/** Made by our own function in the database. */
function parseList<Item>(text: string | null): Item[] {
  return text === null ? [] : (JSON.parse(text) as Item[]);
}

function toIntervals(instants: readonly number[]): Interval[] {
  const intervals: Interval[] = [];
  for (let index = 0; index < instants.length; index += 2)
    intervals.push({ start: instants[index]!, end: instants[index + 1]! });
  return intervals;
}
