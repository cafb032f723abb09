import { setImmediate } from 'node:timers/promises';
import type { EventRow } from '../../calendar/event-row.ts';
import { expandSource, rowsBySource } from '../../calendar/expand-rows.ts';
import type { Expansion } from '../../calendar/occurrence.ts';
import type { Transaction } from '../../prisma/client.ts';
import { type HorizonSpan, toHorizon } from './horizon.ts';
import { mapInTurns } from './map-in-turns.ts';
import { joinChanges, UNCHANGED } from './read-model-changes.ts';
import { type StoredEvent, toStoredRows } from './stored-rows.ts';
import { type Replaced, replaceOccurrences } from './write-occurrences.ts';

/** A daily series has some 500 occurrences in the horizon: this bounds memory and the size of a statement. */
export const SOURCES_PER_STATEMENT = 100;

export interface ExpansionTarget {
  workspaceId: string;
  calendarId: string;
  timeZone: string;
  horizon: HorizonSpan;
}

async function readSources(
  transaction: Transaction,
  { calendarId, timeZone }: ExpansionTarget,
  ids: readonly string[],
): Promise<EventRow[]> {
  if (ids.length === 0) return [];
  const stored = await transaction.$queryRaw<StoredEvent[]>`
    select resource from calendar_events
    where calendar_id = ${calendarId}::uuid and google_event_id = any(${ids}::text[])
    union all
    select resource from calendar_events
    where calendar_id = ${calendarId}::uuid and kind = 'exception' and series_id = any(${ids}::text[])`;
  return toStoredRows(stored, timeZone);
}

/** Occurrences of the given sources, computed from their rows. */
export async function expandRows(
  ids: readonly string[],
  rows: readonly EventRow[],
  span: HorizonSpan,
): Promise<Expansion> {
  const horizon = toHorizon(span);
  const expansions = await mapInTurns(rowsBySource(ids, rows), ([id, ofSource]) =>
    expandSource(id, ofSource, horizon),
  );
  return {
    plain: expansions.flatMap(({ plain }) => plain),
    own: expansions.flatMap(({ own }) => own),
    tooCostly: expansions.flatMap(({ tooCostly }) => tooCostly),
  };
}

/** Occurrences of the given sources, computed from their stored rows: what the read model should contain. */
export async function expandStored(
  transaction: Transaction,
  target: ExpansionTarget,
  ids: readonly string[],
): Promise<Expansion> {
  return expandRows(ids, await readSources(transaction, target, ids), target.horizon);
}

/**
 * Marks events that are too costly to expand. The calendar's health counts them until they are written again.
 */
async function markTooCostly(
  transaction: Transaction,
  { calendarId }: ExpansionTarget,
  { tooCostly }: Expansion,
): Promise<void> {
  if (tooCostly.length === 0) return;
  await transaction.$executeRaw`
    update calendar_events set too_costly = true
    where calendar_id = ${calendarId}::uuid and google_event_id = any(${tooCostly}::text[]) and not too_costly`;
}

/**
 * Brings the read model of the given sources (IDs of single events and series) in line with
 * `calendar_events`, as this transaction sees it. A source that is not stored loses its occurrences.
 * @param mode `replace` rewrites the whole horizon; `add` only adds occurrences of a new edge of the
 *   horizon
 */
export async function expandSources(
  transaction: Transaction,
  target: ExpansionTarget,
  sourceEventIds: readonly string[],
  mode: 'replace' | 'add',
): Promise<Replaced> {
  const chunkAt = (first: number) => sourceEventIds.slice(first, first + SOURCES_PER_STATEMENT);
  let replaced: Replaced = { changed: 0, ...UNCHANGED };
  let expansion = await expandStored(transaction, target, chunkAt(0));
  for (let first = 0; first < sourceEventIds.length; first += SOURCES_PER_STATEMENT) {
    const ids = chunkAt(first);
    const next = chunkAt(first + SOURCES_PER_STATEMENT);
    const rows = await readSources(transaction, target, next);
    const expandNext = async () => {
      await setImmediate();
      return expandRows(next, rows, target.horizon);
    };
    // The next chunk is expanded here while Postgres writes this one.
    const [written, following] = await Promise.all([
      replaceOccurrences(transaction, target, mode === 'replace' ? ids : [], expansion),
      expandNext(),
    ]);
    replaced = { changed: replaced.changed + written.changed, ...joinChanges(replaced, written) };
    await markTooCostly(transaction, target, expansion);
    expansion = following;
  }
  return replaced;
}
