import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { ceilToGrid, civilAt, dateAt, MINUTE_MS, overlap, type Span } from './civil-time.ts';
import { openHours, windowOf } from './open-hours.ts';
import { DURATION_STEP_MINUTES, type Placed, placed, spanOf } from './world.ts';

const BUSY_IS_TOO_SHORT = 0;

function hoursTypeOf(input: PlanInput, { block }: Placed): string {
  const owners = block.kind === 'task' ? input.tasks : input.habits;
  return owners.find(({ id }) => id === block.refId)?.hours ?? '';
}

function widened({ start, end }: Span, minutes: number): Span {
  return { start: start - minutes * MINUTE_MS, end: end + minutes * MINUTE_MS };
}

/** Why a block may not be where it is, whatever the others do. */
export function brokenByItself(input: PlanInput, at: Placed): string[] {
  const { timeZone, granularityMinutes, policy } = input;
  const broken: string[] = [];
  const hours = openHours(input, hoursTypeOf(input, at));
  if (!hours.some(({ start, end }) => start <= at.start && at.end <= end)) broken.push('outside its hours');

  const wide = widened(at, policy.bufferMinutes);
  for (const [start, end] of input.busy) {
    const busy = { start: Date.parse(start), end: Date.parse(end) };
    if (busy.end - busy.start > BUSY_IS_TOO_SHORT && overlap(wide, busy))
      broken.push(`in busy time ${start}`);
  }
  for (const block of input.current) {
    if (block.pinned && overlap(wide, spanOf(block))) broken.push(`too close to pinned ${block.id}`);
  }
  for (const declined of policy.declined) {
    if ((declined.refId ?? at.block.refId) === at.block.refId && overlap(at, spanOf(declined)))
      broken.push(`in a declined slot ${declined.start}`);
  }
  if (at.start >= windowOf(input).end) broken.push('starts after the window');
  if (at.start < ceilToGrid(timeZone, Date.parse(input.now), granularityMinutes)) broken.push('before now');
  const civil = civilAt(timeZone, at.start);
  if (civil.minute % granularityMinutes !== 0 || at.start % MINUTE_MS !== 0)
    broken.push('starts off the grid');
  if (at.minutes <= 0 || at.minutes % DURATION_STEP_MINUTES !== 0) broken.push(`lasts ${at.minutes} minutes`);
  return broken;
}

/**
 * Blocks that overlap or leave less than the buffer between them. Pinned ones are where the user wants them.
 */
export function brokenByOverlap(input: PlanInput, plan: Plan): string[] {
  const broken: string[] = [];
  const all = plan.blocks.map(placed);
  for (const [index, one] of all.entries()) {
    for (const other of all.slice(index + 1)) {
      if (one.block.pinned && other.block.pinned) continue;
      if (overlap(widened(one, input.policy.bufferMinutes), other))
        broken.push(`${one.block.id} and ${other.block.id} overlap or are too close`);
    }
  }
  return broken;
}

/**
 * Days on which a type of hours holds more than the policy allows, if a block that is not pinned is part of
 * it.
 */
export function brokenByDailyLimit(input: PlanInput, plan: Plan): string[] {
  const broken: string[] = [];
  for (const [type, limit] of Object.entries(input.policy.maxMinutesPerDay)) {
    const days = new Map<string, { minutes: number; free: boolean }>();
    for (const at of plan.blocks.map(placed)) {
      if (hoursTypeOf(input, at) !== type) continue;
      const date = dateAt(input.timeZone, at.start).toString();
      const day = days.get(date) ?? { minutes: 0, free: false };
      days.set(date, { minutes: day.minutes + at.minutes, free: day.free || !at.block.pinned });
    }
    for (const [date, { minutes, free }] of days)
      if (free && minutes > limit) broken.push(`${minutes} minutes of ${type} on ${date}, ${limit} allowed`);
  }
  return broken;
}
