import type { Plan, PlanInput } from '../../../scheduling/index.ts';
import { hoursFromIdeal } from './value.ts';
import { placed } from './world.ts';

const HOUR_MINUTES = 60;

function falseUnscheduled({ refId, minutes, reason }: Plan['unscheduled'][number]): string | null {
  switch (reason.code) {
    case 'no-gap-long-enough':
      return reason.longest < reason.needed
        ? null
        : `lacks a gap of ${reason.needed} and has ${reason.longest}`;
    case 'hours-exhausted-before-deadline':
      return reason.free < reason.needed ? null : `lacks ${reason.needed} minutes and has ${reason.free}`;
    case 'displaced-by':
    case 'waiting-for':
      return reason.refId === refId ? 'is in its own way' : null;
    case 'daily-limit':
      return reason.needed > 0 ? null : 'exceeds a limit by nothing';
    case 'one-block-only':
      return reason.placed > 0 ? null : 'has a block of no length';
    case 'too-short':
      return minutes < reason.shortest ? null : `has ${minutes} minutes left, not below ${reason.shortest}`;
  }
}

function falsePlacement(input: PlanInput, block: Plan['blocks'][number]): string | null {
  const { reason, refId } = block;
  if (reason.code === 'ideal-time') {
    const habit = input.habits.find(({ id }) => id === refId)!;
    const minutes = hoursFromIdeal(input, habit, placed(block)) * HOUR_MINUTES;
    return Math.abs(minutes - reason.deviationMinutes) < 1e-6 ? null : `is ${minutes} minutes from its ideal`;
  }
  if (reason.code === 'displaced-by' || reason.code === 'waiting-for')
    return reason.refId === refId ? 'is in its own way' : null;
  return null;
}

/** Reasons of a plan that are not so, whatever else may be said of them. */
export function falseReasons(input: PlanInput, plan: Plan): string[] {
  return [
    ...plan.unscheduled.map((one) => [one.refId, falseUnscheduled(one)]),
    ...plan.blocks.map((block) => [block.id, falsePlacement(input, block)]),
  ].flatMap(([id, problem]) => (problem === null ? [] : [`${id} ${problem}`]));
}
