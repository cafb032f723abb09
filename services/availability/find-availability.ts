import type { Movable, Person } from '../../calendar/availability/availability-query.ts';
import { busyTime } from '../../calendar/availability/busy-time.ts';
import { findSlots } from '../../calendar/availability/find-slots.ts';
import { type Interval, intersect, merge } from '../../calendar/availability/interval.ts';
import { instantToWall } from '../../calendar/time-zone.ts';
import { MINUTE_MS } from '../../contracts/durations.ts';
import { MOST_BUSY_TIMES } from '../../contracts/limits.ts';
import { RemedyAction } from '../../contracts/remedies.ts';
import type { Database } from '../../prisma/client.ts';
import { ForbiddenError, InvalidInputError, WorkspaceNotFoundError } from '../errors.ts';
import { parseInput } from '../input.ts';
import { proofOf } from '../reading/proof.ts';
import type { Availability } from './availability-answer.ts';
import {
  type AvailabilityInput,
  availabilityInput,
  type AvailabilityQuestion,
} from './availability-input.ts';
import { gapsOf, proofsOf } from './gaps.ts';
import { type PersonRow, type Reach, readBusyTimes } from './read-busy-times.ts';
import { toWindows, widestWindows } from './windows.ts';
import { workHoursWithin } from './work-hours.ts';
import { createInstantWriter } from './write-instants.ts';

/**
 * Who of several workspaces is busy when and, if asked for, the slots in which they can meet. Everything, the proof
 * included, is of one snapshot of the mirror.
 * @param reach `permitted`: `database` is bound to a workspace, which reads itself and those that permit it
 * @throws InvalidInputError naming the field; WorkspaceNotFoundError; ForbiddenError where the reach is `permitted`
 *   and a workspace does not permit it, or does not exist.
 */
export async function findAvailability(
  database: Database,
  input: AvailabilityInput,
  reach: Reach = 'all',
): Promise<Availability> {
  const question = parseInput(availabilityInput, input);
  const { workspaceIds, slots, movable } = question;
  const buffers = {
    bufferBeforeMs: (slots?.bufferBeforeMinutes ?? 0) * MINUTE_MS,
    bufferAfterMs: (slots?.bufferAfterMinutes ?? 0) * MINUTE_MS,
  };
  const around = widestWindows(question).map(({ start, end }) => ({
    start: start - buffers.bufferBeforeMs,
    end: end + buffers.bufferAfterMs,
  }));
  const read = await readBusyTimes(database, workspaceIds, around, reach);
  if (read === null)
    throw new InvalidInputError(
      'windows',
      `must hold at most ${MOST_BUSY_TIMES} busy times: ask for fewer workspaces, or for shorter windows`,
    );
  const rows = workspaceIds.map((id) => read.get(id) ?? refuse(id, reach));
  const timeZone = question.timeZone ?? rows[0]!.timeZone;
  const windows = toWindows(question, timeZone);
  const hoursOf = slots?.hours === 'work' ? workHoursWithin(windows) : () => null;
  const people = rows.map((row) => toPerson(row, hoursOf(row), buffers));
  return {
    timeZone,
    people: people.map((person) => toAnswer(person, windows, movable)),
    ...(slots && slotsOf(people, { ...question, slots }, windows, timeZone)),
    proof: proofOf(rows.flatMap(proofsOf)),
    gaps: rows.flatMap(gapsOf),
  };
}

/** The same for a workspace that does not exist and one that permits nothing, so that existence does not show. */
function refuse(workspaceId: string, reach: Reach): never {
  if (reach === 'all') throw new WorkspaceNotFoundError(workspaceId);
  throw new ForbiddenError(
    `Workspace ${workspaceId} does not exist, or does not permit this workspace to read its busy times.`,
    { remedy: { action: RemedyAction.permitAvailability, workspaceId } },
  );
}

function toPerson(
  { workspaceId, busy, blocks }: PersonRow,
  hours: Interval[] | null,
  buffers: Pick<Person, 'bufferBeforeMs' | 'bufferAfterMs'>,
): Person {
  return { id: workspaceId, busy, movable: blocks, hours, ...buffers };
}

function createSpanWriter() {
  const write = createInstantWriter();
  return ({ start, end }: Interval) => ({ start: write(start), end: write(end) });
}

function toAnswer(
  person: Person,
  windows: readonly Interval[],
  movable: Movable,
): Availability['people'][number] {
  const toSpan = createSpanWriter();
  const isInside = (block: Interval) => intersect([block], windows).length > 0;
  return {
    workspaceId: person.id,
    busy: busyTime(person, windows, movable).map(toSpan),
    ...(movable === 'ask' && {
      movable: person.movable
        .filter(isInside)
        .toSorted((a, b) => a.start - b.start)
        .map((block) => ({ ...toSpan(block), blockId: block.blockId })),
    }),
  };
}

function slotsOf(
  people: readonly Person[],
  { workspaceIds, movable, slots }: AvailabilityQuestion & Required<Pick<AvailabilityQuestion, 'slots'>>,
  windows: readonly Interval[],
  timeZone: string,
): Pick<Availability, 'slots' | 'slotsFound'> {
  const toSpan = createSpanWriter();
  const groups = slots.groups ?? [{ workspaceIds, atLeast: workspaceIds.length }];
  const merged = merge(windows);
  const firstStart = merged[0]!.start;
  const [first, ...others] = slots.prefer;
  const { slots: best, found } = findSlots(people, {
    windows: merged,
    durationMs: slots.durationMinutes * MINUTE_MS,
    granularityMs: slots.granularityMinutes * MINUTE_MS,
    // Midnight on the clock of the zone is on the grid.
    anchorMs: firstStart - instantToWall(timeZone, firstStart),
    groups: groups.map((group, index) => ({
      people: requireAsked(group.workspaceIds, workspaceIds, index),
      atLeast: group.atLeast ?? group.workspaceIds.length,
    })),
    movable,
    prefer: [first!, ...others],
    mostSlots: slots.most,
    overlapping: slots.overlapping,
  });
  return {
    slots: best.map(({ people: ids, movable: moves, ...slot }) => ({
      ...toSpan(slot),
      workspaceIds: ids,
      movable: moves.map(({ personId, blockId }) => ({ workspaceId: personId, blockId })),
      score: slot.score,
      reason: slot.reason,
    })),
    slotsFound: found,
  };
}

function requireAsked(ids: string[], asked: readonly string[], group: number): string[] {
  if (ids.some((id) => !asked.includes(id)))
    throw new InvalidInputError(
      `slots.groups.${group}.workspaceIds`,
      'must be some of the workspaceIds of the question',
    );
  return ids;
}
